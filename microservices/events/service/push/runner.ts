import { setTimeout as sleep } from 'node:timers/promises';
import type { Flow } from '../../../chassis/events/flow.ts';
import type { Context } from '../../context.ts';
import type { PauseReason, SubscriptionState } from '../../contract/values.ts';
import { makeMove } from '../subscriptions/moves.ts';
import { groupOf, topicsOf } from '../../policy/event-types.ts';
import type { SubscriptionMove } from '../../policy/states.ts';
import { pauseAfter } from '../../policy/verdict.ts';
import { lockSubscription, type SubscriptionRow } from '../../store/subscriptions.ts';
import { createBreaker } from './breaker.ts';
import { deliver, wantsMessage, type Delivering } from './deliver.ts';
import { reporterFor } from './report.ts';
import { openSender } from './send.ts';

/** The delivery of one subscription in this process. */
export interface Runner {
  readonly version: number;
  /** Takes over a state that another process changed. */
  refresh(row: SubscriptionRow): void;
  /** False when it could not start or ended by itself: another must be started. */
  isAlive(): boolean;
  stop(): Promise<void>;
}

/** How long a delivery in flight may still take when the subscription or the process stops. */
const PATIENCE_MS = 3_000;
/** A receiver that was away this often in a row is failing; a single refused connection is not reported. */
const FAILING_AFTER = 2;
const AGAIN_MS = 1_000;

/** Begins to deliver once `after` has settled: two runners of one subscription never overlap in a process. */
export const startRunner = (
  context: Context,
  row: SubscriptionRow,
  after: Promise<void>,
  onPaused: () => void,
): Runner => {
  const keeper = keepState(context, row, onPaused);
  const sender = openSender(context.settings.allowPrivate, row.maxInFlight);
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
    flow = startDelivery(context, row, { context, row, sender, breaker, tell: reporterFor(context, row), ...keeper });
    await flow.started;
  };
  start().catch((err: unknown) => {
    failed = true;
    context.log.warn({ err, subscriptionId: row.id }, 'a subscription could not be started; trying again');
  });
  return {
    version: row.version,
    refresh: keeper.refresh,
    isAlive: () => !failed && flow?.isAlive() !== false,
    stop: async () => {
      keeper.end();
      ended = true;
      // The next runner waits for this one only, so this one waits for the one before it.
      await after;
      await flow?.stop(PATIENCE_MS);
      sender.close();
    },
  };
};

const startDelivery = (context: Context, row: SubscriptionRow, delivering: Delivering): Flow =>
  context.streams.consume({
    group: groupOf(row.id),
    topics: topicsOf(context.contracts, row.eventTypes),
    startAt: row.startOffsets,
    limits: { overall: row.maxInFlight, perPartition: row.maxInFlight },
    wants: wantsMessage(row),
    handle: (received, signal) => deliver(delivering, received, signal),
  });

type StateKeeper = Pick<Delivering, 'onAway' | 'onBack' | 'pause'> & Pick<Runner, 'refresh'> & { end: () => void };

type Found = 'away' | 'back';

/** The move that a finding causes in a state. */
const MOVE_WHEN: Partial<Record<SubscriptionState, Partial<Record<Found, SubscriptionMove>>>> = {
  active: { away: 'fail' },
  failing: { back: 'recover' },
};

/** Keeps the subscription's state in step with what delivering finds, one change at a time. */
const keepState = (context: Context, row: SubscriptionRow, onPaused: () => void): StateKeeper => {
  let state = row.state;
  let ended = false;
  let changing: Promise<void> | undefined;
  const move = async (which: SubscriptionMove, because?: PauseReason): Promise<void> => {
    const next = await context.commit(async (tx) => {
      const current = await lockSubscription(tx, row.id);
      return current && ((await makeMove(tx, current, which, context.now(), because)) ?? current);
    });
    state = next?.state ?? 'paused';
  };
  let found: Found | undefined;
  /** A finding that came while a change was being saved is saved after it: perhaps no other follows. */
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
        context.log.warn(
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
        context.log.warn({ subscriptionId: row.id, status }, 'a receiver is away: its events wait');
      found = 'away';
      settle();
    },
    onBack: () => {
      found = 'back';
      settle();
    },
    pause: async (because) => {
      context.log.warn(
        { subscriptionId: row.id, because },
        'a subscription is paused: its receiver wants no more events or its address is not allowed',
      );
      while (!ended) {
        try {
          if (state !== 'paused') await move('pause', because);
          onPaused();
          return;
        } catch (err) {
          context.log.warn({ err, subscriptionId: row.id }, 'a subscription could not be paused; trying again');
          await sleep(AGAIN_MS);
        }
      }
    },
  };
};
