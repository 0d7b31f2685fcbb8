import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { countCosts, isRehearsal } from '../context.ts';
import { isSerializationFailure } from './failures.ts';
import { whileHolding } from './holding.ts';
import { beginAlone, beginWith, sendTogether, type Ahead, type Result, type Statement } from './pipeline.ts';
import { queryable, statementOf, type Queryable, type SqlValue } from './queryable.ts';

const MAX_ATTEMPTS = 12;
const BASE_DELAY_MS = 4;
const MAX_DELAY_MS = 250;

/** The database as work in a transaction sees it. */
export interface OpenTransaction extends Queryable {
  /**
   * Leaves a statement for the very end: it travels together with COMMIT, so that no lock is held for its answer. When
   * it fails, the transaction fails.
   */
  last: (text: string, values: readonly SqlValue[]) => void;
  /**
   * Puts a statement without rows ahead of the transaction's first one: both travel together. To be called before any
   * other. Returns a function that tells how many rows it touched, or undefined when it failed; it sends the statement
   * alone if nothing else has been sent.
   */
  ahead: (text: string, values: readonly string[]) => () => Promise<number | undefined>;
}

/**
 * Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): contenders spread out instead of colliding
 * again.
 */
const jitteredDelay = (attempt: number): number => Math.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);

/**
 * Runs `work` in one transaction and commits; a rehearsal is rolled back instead. On 40001 or 40P01, wherever it
 * strikes, COMMIT included, the whole work is run again with jittered backoff, 12 times at most; so the work must not
 * act outside the database. Any other error rolls back and is thrown.
 */
export const inTransaction = async <T>(pool: pg.Pool, work: (tx: OpenTransaction) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(pool, work);
    } catch (error) {
      if (!isSerializationFailure(error) || attempt >= MAX_ATTEMPTS) throw error;
      await sleep(jitteredDelay(attempt));
    }
  }
};

const attemptOnce = async <T>(pool: pg.Pool, work: (tx: OpenTransaction) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only: one that dies in our hands would end the process. Its query fails
  // anyway.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const executor = openingWithFirst(client);
    const last: Statement[] = [];
    const tx: OpenTransaction = {
      ...queryable(executor),
      last: (text, values) => void last.push(statementOf(text, values)),
      ahead: (text, values) => executor.ahead(statementOf(text, values)),
    };
    const result = await whileHolding(() => work(tx));
    await finish(client, executor, last);
    return result;
  } catch (error) {
    broken = (await rollback(client)) ?? broken;
    throw error;
  } finally {
    client.off('error', onError);
    // A connection that cannot even roll back is in an unknown state: it is closed, not returned to the pool.
    client.release(broken);
  }
};

interface Executor {
  query(statement: Statement): Promise<Result>;
  ahead(statement: Statement): () => Promise<number | undefined>;
  /**
   * Undefined before the first statement; then whether that went well, which is to say that the transaction is open.
   */
  begun(): Promise<boolean> | undefined;
}

/**
 * The transaction begins together with its first statement; those sent meanwhile wait for it, or they could run outside
 * a transaction that failed to begin.
 */
const openingWithFirst = (client: pg.PoolClient): Executor => {
  let first: Promise<unknown> | undefined;
  let open = false;
  let ahead: Ahead | undefined;
  let touched: number | undefined;
  const begin = async <T>(begun: Promise<T>): Promise<T> => {
    first = begun;
    const result = await begun;
    open = true;
    return result;
  };
  const begun = () =>
    first?.then(
      () => true,
      () => false,
    );
  return {
    query: async (statement) => {
      if (open) return client.query(statement);
      if (first) return first.then(() => client.query(statement));
      return begin(beginWith(client, statement, ahead));
    },
    ahead: (statement) => {
      countCosts({ statements: 1 });
      ahead = { statement, onDone: (rows) => (touched = rows) };
      return async () => {
        if (!first) {
          countCosts({ roundTrips: 2 });
          await begin(beginAlone(client, ahead));
        } else await begun();
        return touched;
      };
    },
    begun,
  };
};

const finish = async (client: pg.PoolClient, executor: Executor, last: readonly Statement[]): Promise<void> => {
  const [next, ...others] = last;
  const begun = executor.begun();
  if (!begun) {
    if (!next) return;
    countCosts({ roundTrips: 1 });
    await client.query('BEGIN');
  } else if (!(await begun)) throw rolledBack();
  countCosts({ roundTrips: 1, statements: last.length });
  const sent = next ? [sendTogether(client, next), ...others.map((statement) => client.query(statement))] : [];
  await allDone([...sent, isRehearsal() ? undo(client) : commit(client)]);
};

/** Ends a rehearsal: finds out what COMMIT would have refused, and takes everything back. */
const undo = async (client: pg.PoolClient): Promise<void> => {
  await client.query('SET CONSTRAINTS ALL IMMEDIATE');
  await client.query('ROLLBACK');
};

/**
 * PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement failed before and somebody swallowed its
 * error.
 */
const commit = async (client: pg.PoolClient): Promise<void> => {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw rolledBack();
};

const rolledBack = (): Error =>
  new Error('The transaction was rolled back, not committed: a statement in it had failed and its error was caught.');

/** Waits for all, whatever becomes of them, and throws the first failure: the statements' before that of COMMIT. */
const allDone = async (sent: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(sent)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
};

const rollback = async (client: pg.PoolClient): Promise<Error | undefined> => {
  try {
    countCosts({ roundTrips: 1 });
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};
