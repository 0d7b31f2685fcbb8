import { topicOf } from '../../../chassis/contract/index.ts';
import { deadLetterTopic } from '../../../chassis/events/dead-letter.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import { newId } from '../../../chassis/ids.ts';
import type { Context } from '../../context.ts';
import { deadLetterOf } from '../../policy/dead-letters.ts';
import { insertDeadLetter } from '../../store/dead-letters.ts';
import { keepFlowing } from '../following/follow.ts';

const GROUP = 'events-dead-letters';

/** Stores the dead letters of all topics, whoever wrote them, and announces each. */
export const followDeadLetters = (context: Context): { stop: () => Promise<void> } =>
  keepFlowing(
    context,
    () =>
      context.streams.consume({
        group: GROUP,
        topics: context.contracts.map((contract) => deadLetterTopic(topicOf(contract))),
        startAt: {},
        limits: { overall: 8, perPartition: 1 },
        wants: () => true,
        handle: async (received) => {
          await store(context, received);
          return 'done';
        },
      }),
    'the dead letters are not followed; trying again',
  );

const ANNOUNCEMENT = 'event.dead_lettered';

const store = (context: Context, received: ReceivedMessage): Promise<void> =>
  context.commit(async (tx) => {
    const row = deadLetterOf(received, newId('dle'), context.now());
    const { topic, partition, message } = received;
    const isNew = await insertDeadLetter(tx, row, { topic, partition, offset: message.offset });
    // Whoever cannot handle the announcement of a dead letter is not told about that by another one.
    if (isNew === 0 || row.type === ANNOUNCEMENT) return;
    const { id: deadLetterId, consumer, workflowId, subscriptionId, group, eventId, type, subject, number } = row;
    tx.append(ANNOUNCEMENT, deadLetterId, {
      ...{ deadLetterId, consumer, workflowId, subscriptionId, group },
      ...{ eventId, type, subject, number },
    });
  });
