import { setTimeout as sleep } from 'node:timers/promises';
import { topicOf } from '../../../chassis/contract/index.ts';
import type { Flow } from '../../../chassis/events/flow.ts';
import { JOURNEY_REPORTS } from '../../../chassis/events/journey-report.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import type { Context } from '../../context.ts';
import { keepFlowing } from './follow.ts';
import { followJourneys } from '../journeys/journeys.ts';
import { saveLatest } from './latest.ts';
import { settleWaits } from '../waits/settle-waits.ts';

const GROUP = 'events-latest';
/** When so many wait to be written, no more are read. */
const MOST_HELD = 5_000;
const DRAINED_MS = 50;

/**
 * Follows all topics: saves the latest event of every type, settles the waits of journeys, and keeps their numbers.
 * What came in half a second is written together, before the offsets are committed.
 */
export const followEvents = (context: Context, onSettled: () => void): { stop: () => Promise<void> } =>
  keepFlowing(context, () => consumeAll(context, onSettled), 'events are not followed; trying again');

const consumeAll = (context: Context, onSettled: () => void): Flow => {
  const held: ReceivedMessage[] = [];
  const write = async (): Promise<void> => {
    const taken = held.slice();
    if (taken.length === 0) return;
    await saveLatest(context, taken);
    if (await settleWaits(context, taken)) onSettled();
    await followJourneys(context, taken);
    held.splice(0, taken.length);
  };
  return context.streams.consume({
    group: GROUP,
    topics: [...context.contracts.map(topicOf), JOURNEY_REPORTS],
    startAt: {},
    limits: { overall: 1, perPartition: 1 },
    wants: (received) => {
      held.push(received);
      return held.length > MOST_HELD;
    },
    handle: async (_received, signal) => {
      while (held.length > MOST_HELD && !signal.aborted)
        await sleep(DRAINED_MS, undefined, { signal }).catch(() => undefined);
      return signal.aborted ? 'left' : 'done';
    },
    beforeCommit: write,
  });
};
