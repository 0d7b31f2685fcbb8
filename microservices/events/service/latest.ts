import { topicOf } from '../../chassis/contract/index.ts';
import { typeOf } from '../../chassis/events/envelope.ts';
import type { Flow } from '../../chassis/events/flow.ts';
import type { ReceivedMessage } from '../../chassis/kafka/consume/options.ts';
import type { Context } from '../context.ts';
import { keepFlowing } from './follow.ts';
import { toReceivedEvent } from './received.ts';
import { saveLatest } from '../store/latest.ts';

const GROUP = 'events-latest';

/**
 * Saves the latest event of every type: the newest of each half second is written before the offsets are committed, however many there were.
 */
export const followLatest = (context: Context): { stop: () => Promise<void> } =>
  keepFlowing(context, () => consumeAll(context), 'the latest events are not followed; trying again');

const consumeAll = ({ contracts, database, streams }: Context): Flow => {
  const newest = new Map<string, ReceivedMessage>();
  return streams.consume({
    group: GROUP,
    topics: contracts.map(topicOf),
    startAt: {},
    limits: { overall: 1, perPartition: 1 },
    wants: (received) => {
      const type = typeOf(received.message);
      if (type !== undefined) newest.set(type, received);
      return false;
    },
    handle: async () => 'done',
    beforeCommit: async () => {
      const taken = new Map(newest);
      if (taken.size === 0) return;
      await saveLatest(database, [...taken.values()].flatMap(decodable));
      for (const [type, received] of taken) if (newest.get(type) === received) newest.delete(type);
    },
  });
};

const decodable = (received: ReceivedMessage) => {
  try {
    const event = toReceivedEvent(received);
    return Number.isNaN(Date.parse(event.time)) || event.type.includes('\u0000') ? [] : [event];
  } catch {
    return [];
  }
};
