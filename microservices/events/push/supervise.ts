import { groupOf, type Context } from '../context.ts';
import { findSubscription, runningSubscriptions, type SubscriptionRow } from '../store/subscriptions.ts';
import { startRunner, type Runner } from './runner.ts';

/** Delivers to every subscription that is not paused, and follows what changes. */
export interface Push {
  /** A subscription changed in this process: look now instead of at the next poll. */
  wake: () => void;
  start: () => { stop: () => Promise<void> };
}

/**
 * Every process that runs the service takes part in the group of every subscription: Kafka shares the partitions out, and gives a dead process's to
 * the others.
 */
export const createPush = (context: Context): Push => {
  let wakeUp: () => void = () => undefined;
  let awake = false;
  const wake = (): void => {
    awake = true;
    wakeUp();
  };
  const nap = async (): Promise<void> => {
    if (!awake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, context.settings.pollMs);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    awake = false;
  };
  return {
    wake,
    start: () => {
      const stopping = new AbortController();
      const finished = superviseUntil(stopping.signal, context, nap, wake);
      return {
        stop: async () => {
          stopping.abort();
          wake();
          await finished;
        },
      };
    },
  };
};

const superviseUntil = async (
  signal: AbortSignal,
  context: Context,
  nap: () => Promise<void>,
  wake: () => void,
): Promise<void> => {
  const runners = new Map<string, Runner>();
  /** Runners that are stopping; the next of the same subscription waits for them. */
  const leaving = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    try {
      follow(context, await runningSubscriptions(context.platform.database), runners, leaving, wake);
    } catch (err) {
      context.platform.log.warn({ err }, 'the subscriptions could not be read; trying again');
    }
    await nap();
  }
  for (const [id, runner] of runners) leave(context, id, runner, leaving);
  await Promise.all(leaving.values());
};

const follow = (
  context: Context,
  rows: readonly SubscriptionRow[],
  runners: Map<string, Runner>,
  leaving: Map<string, Promise<void>>,
  wake: () => void,
): void => {
  const wanted = new Map(rows.map((row) => [row.id, row]));
  for (const [id, runner] of runners) {
    const row = wanted.get(id);
    if (row && row.version === runner.version && runner.isAlive()) runner.refresh(row);
    else {
      runners.delete(id);
      leave(context, id, runner, leaving);
    }
  }
  for (const row of rows.filter(({ id }) => !runners.has(id)))
    runners.set(row.id, startRunner(context, row, leaving.get(row.id) ?? Promise.resolve(), wake));
};

const leave = (context: Context, id: string, runner: Runner, leaving: Map<string, Promise<void>>): void => {
  // What goes wrong while leaving does no harm: what was not committed comes again.
  const left: Promise<void> = runner
    .stop()
    .then(() => forgetIfDeleted(context, id))
    .catch((err: unknown) =>
      context.platform.log.debug({ err, subscriptionId: id }, 'leaving a subscription was not clean'),
    )
    .then(() => {
      if (leaving.get(id) === left) leaving.delete(id);
    });
  leaving.set(id, left);
};

/** Kafka refuses while another process is still in the group: the last one to leave succeeds. */
const forgetIfDeleted = async ({ platform }: Context, id: string): Promise<void> => {
  if (!(await findSubscription(platform.database, id))) await platform.streams.forgetGroup(groupOf(id));
};
