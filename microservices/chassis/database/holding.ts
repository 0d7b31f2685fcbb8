import { AsyncLocalStorage } from 'node:async_hooks';

/** A transaction that holds a connection; `isOpen` until it gave it back. */
interface Holding {
  isOpen: boolean;
}

const holding = new AsyncLocalStorage<Holding | undefined>();

/** Runs the work of a transaction, which holds a connection as long as it runs. */
export const whileHolding = async <T>(work: () => Promise<T>): Promise<T> => {
  const own = { isOpen: true };
  try {
    return await holding.run(own, work);
  } finally {
    own.isOpen = false;
  }
};

/** Starts work that a transaction does not wait for. */
export const apartFromTransaction = <T>(work: () => T): T => holding.run(undefined, work);

/**
 * Throws inside the work of a transaction. Whoever waits for a connection must hold none: so no two can wait for each
 * other, however few connections there are and however services call each other.
 */
export const refuseWhileHolding = (): void => {
  if (holding.getStore()?.isOpen)
    throw new Error(
      'A transaction asked for a second connection, or called another service, while it holds one: with all connections taken it would wait for ever. Use the transaction itself, or ask before it.',
    );
};
