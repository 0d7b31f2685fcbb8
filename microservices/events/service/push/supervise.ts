import type { Context } from '../../context.ts';
import { groupOf } from '../../policy/event-types.ts';
import { findSubscription, runningSubscriptions, type SubscriptionRow } from '../../store/subscriptions.ts';
import { startRunner, type Runner } from './runner.ts';

/** Delivers to every subscription that is not paused, and follows changes. */
export interface Push {
  /** A subscription changed in this process: look now instead of at the next poll. */
  wake: () => void;
  /** A subscription was paused or deleted: begins no further delivery of it in this process, from this moment. */
  halt: (subscriptionId: string) => void;
  start: () => { stop: () => Promise<void> };
}

/**
 * Every process that runs the service joins the group of every subscription: Kafka shares the partitions among them,
 * and gives those of a dead process to the others.
 */
export const createPush = (context: Context): Push => {
  const runners: Runners = { running: new Map(), leaving: new Map() };
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
    halt: (id) => {
      leave(context, id, runners);
      // A look that had read the subscriptions before starts it again, so one more look is needed.
      wake();
    },
    start: () => {
      const stopping = new AbortController();
      const finished = superviseUntil(stopping.signal, context, { runners, nap, wake });
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

interface Runners {
  running: Map<string, Runner>;
  /** Those that are stopping; the next of the same subscription waits for them. */
  leaving: Map<string, Promise<void>>;
}

interface Watch {
  runners: Runners;
  nap: () => Promise<void>;
  wake: () => void;
}

const superviseUntil = async (signal: AbortSignal, context: Context, { runners, nap, wake }: Watch): Promise<void> => {
  while (!signal.aborted) {
    try {
      follow(context, await runningSubscriptions(context.database), runners, wake);
    } catch (err) {
      context.log.warn({ err }, 'the subscriptions could not be read; trying again');
    }
    await nap();
  }
  for (const id of runners.running.keys()) leave(context, id, runners);
  await Promise.all(runners.leaving.values());
};

const follow = (context: Context, rows: readonly SubscriptionRow[], runners: Runners, wake: () => void): void => {
  const { running, leaving } = runners;
  const wanted = new Map(rows.map((row) => [row.id, row]));
  for (const [id, runner] of running) {
    const row = wanted.get(id);
    if (row && row.version === runner.version && runner.isAlive()) runner.refresh(row);
    else leave(context, id, runners);
  }
  for (const row of rows.filter(({ id }) => !running.has(id)))
    running.set(row.id, startRunner(context, row, leaving.get(row.id) ?? Promise.resolve(), wake));
};

const leave = (context: Context, id: string, { running, leaving }: Runners): void => {
  const runner = running.get(id);
  if (!runner) return;
  running.delete(id);
  // A failure while leaving does no harm: events that were not committed come again.
  const left: Promise<void> = runner
    .stop()
    .then(() => forgetIfDeleted(context, id))
    .catch((err: unknown) => context.log.debug({ err, subscriptionId: id }, 'leaving a subscription was not clean'))
    .then(() => {
      if (leaving.get(id) === left) leaving.delete(id);
    });
  leaving.set(id, left);
};

/** Kafka refuses while another process is still in the group: the last one to leave succeeds. */
const forgetIfDeleted = async ({ database, streams }: Context, id: string): Promise<void> => {
  if (!(await findSubscription(database, id))) await streams.forgetGroup(groupOf(id));
};
