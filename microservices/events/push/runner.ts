import { setTimeout as sleep } from 'node:timers/promises';
import { topicOf } from '../../chassis/contract/index.ts';
import type { Flow } from '../../chassis/events/flow.ts';
import { findType } from '../catalogue.ts';
import { groupOf, type Context } from '../context.ts';
import type { PauseReason, SubscriptionState } from '../contract/values.ts';
import { makeMove } from '../life.ts';
import type { SubscriptionMove } from '../policy/states.ts';
import { pauseAfter } from '../policy/verdict.ts';
import { lockSubscription, type SubscriptionRow } from '../store/subscriptions.ts';
import { createBreaker } from './breaker.ts';
import { deliver, wantsMessage, type Delivering } from './deliver.ts';
import { openSender } from './send.ts';

/** The delivery of one subscription in this process. */
export interface Runner {
  readonly version: number;
  /** The row as it was read last; a state that another process changed is taken over. */
  refresh(row: SubscriptionRow): void;
  /** False when it could not start or ended by itself: start another. */
  isAlive(): boolean;
  stop(): Promise<void>;
}

/** How long a delivery in flight may still take when the subscription or the process stops. */
const PATIENCE_MS = 3_000;
/** Found away this often in a row, a receiver is called failing: a single refused connection is no news. */
const FAILING_AFTER = 2;
const AGAIN_MS = 1_000;

/** Begins to deliver once `after` has settled: two runners of one subscription never overlap in a process. */
export const startRunner = (
  context: Context,
  row: SubscriptionRow,
  after: Promise<void>,
  onPaused: () => void,
): Runner => {
  const life = watchLife(context, row, onPaused);
  const sender = openSender(context.settings.allowPrivate, row.max_in_flight);
  const breaker = createBreaker({
    pause: (probes) => pauseAfter(probes, context.settings.probeMs, Math.random()),
    now: Date.now,
  });
  let failed = false;
  let ended = false;
  let flow: Flow | undefined;
  const start = async (): Promise<void> => {
    await after;
    if (ended) return;
    flow = startDelivery(context, row, { context, row, sender, breaker, ...life });
    await flow.started;
  };
  start().catch((err: unknown) => {
    failed = true;
    context.platform.log.warn({ err, subscriptionId: row.id }, 'a subscription could not be started; trying again');
  });
  return {
    version: row.version,
    refresh: life.refresh,
    isAlive: () => !failed && flow?.isAlive() !== false,
    stop: async () => {
      life.end();
      ended = true;
      // Who comes next waits for this one only, so this one waits for the one before it.
      await after;
      await flow?.stop(PATIENCE_MS);
      sender.close();
    },
  };
};

const startDelivery = (context: Context, row: SubscriptionRow, delivering: Delivering): Flow =>
  context.platform.streams.consume({
    group: groupOf(row.id),
    topics: topicsOf(context, row.event_types),
    startAt: row.start_offsets,
    limits: { overall: row.max_in_flight, perPartition: row.max_in_flight },
    wants: wantsMessage(row),
    handle: (received, signal) => deliver(delivering, received, signal),
  });

/** The topics of these event types, each once. */
export const topicsOf = ({ platform }: Context, types: readonly string[]): string[] => [
  ...new Set(
    types.flatMap((type) => {
      const known = findType(platform.catalogue, type);
      return known ? [topicOf(known.contract)] : [];
    }),
  ),
];

type Life = Pick<Delivering, 'onAway' | 'onBack' | 'pause'> & Pick<Runner, 'refresh'> & { end: () => void };

type Found = 'away' | 'back';

/** What a finding asks of a state. */
const MOVE_WHEN: Partial<Record<SubscriptionState, Partial<Record<Found, SubscriptionMove>>>> = {
  active: { away: 'fail' },
  failing: { back: 'recover' },
};

/** Keeps the subscription's state in step with what delivering finds, one change at a time. */
const watchLife = (context: Context, row: SubscriptionRow, onPaused: () => void): Life => {
  let state = row.state;
  let ended = false;
  let changing: Promise<void> | undefined;
  const move = async (which: SubscriptionMove, because?: PauseReason): Promise<void> => {
    const { platform } = context;
    const next = await platform.commit(async (tx) => {
      const current = await lockSubscription(tx, row.id);
      return current && ((await makeMove(tx, current, which, platform.now(), because)) ?? current);
    });
    state = next?.state ?? 'paused';
  };
  let found: Found | undefined;
  /** What was found while a change was being saved is saved after it: nothing else may come that would. */
  const settle = (): void => {
    const which = found && MOVE_WHEN[state]?.[found];
    if (changing || !which) return;
    changing = move(which).then(
      () => {
        changing = undefined;
        settle();
      },
      (err: unknown) => {
        changing = undefined;
        context.platform.log.warn(
          { err, subscriptionId: row.id },
          'the state of a subscription could not be saved; trying again',
        );
        if (!ended) setTimeout(settle, AGAIN_MS).unref();
      },
    );
  };
  return {
    refresh: (fresh) => {
      if (!changing) state = fresh.state;
    },
    end: () => {
      ended = true;
    },
    onAway: (times, status) => {
      if (times < FAILING_AFTER) return;
      if (state === 'active' && found !== 'away')
        context.platform.log.warn({ subscriptionId: row.id, status }, 'a receiver is away: its events wait');
      found = 'away';
      settle();
    },
    onBack: () => {
      found = 'back';
      settle();
    },
    pause: async (because) => {
      context.platform.log.warn(
        { subscriptionId: row.id, because },
        'a subscription is paused: its receiver is no more',
      );
      while (!ended) {
        try {
          if (state !== 'paused') await move('pause', because);
          onPaused();
          return;
        } catch (err) {
          context.platform.log.warn(
            { err, subscriptionId: row.id },
            'a subscription could not be paused; trying again',
          );
          await sleep(AGAIN_MS);
        }
      }
    },
  };
};
