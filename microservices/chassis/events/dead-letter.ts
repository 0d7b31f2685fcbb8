import type { Batch, KafkaMessage, Producer } from 'kafkajs';
import { UndecodableMessage } from './envelope.ts';

/** Where a topic's messages go that could not be processed. */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

/**
 * Sends a message, byte for byte, to the dead-letter topic; what went wrong, where and for whom stands in the headers,
 * with `notes` as further ones. Throws when it could not be written, so that the caller does not move on and lose it.
 */
export const sendToDeadLetters = async (
  producer: Producer,
  batch: Pick<Batch, 'topic' | 'partition'>,
  message: KafkaMessage,
  group: string,
  error: unknown,
  notes: Record<string, string> = {},
): Promise<void> => {
  const reason = error instanceof Error ? error : new Error(String(error));
  await producer.send({
    topic: deadLetterTopic(batch.topic),
    acks: -1,
    messages: [
      {
        key: message.key,
        value: message.value,
        headers: {
          ...message.headers,
          dlq_error: reason.message.slice(0, 2_000),
          dlq_error_name: reason.name,
          dlq_kind: reason instanceof UndecodableMessage ? 'undecodable' : 'failed',
          dlq_topic: batch.topic,
          dlq_partition: String(batch.partition),
          dlq_offset: message.offset,
          dlq_group: group,
          dlq_time: new Date().toISOString(),
          ...notes,
        },
      },
    ],
  });
};
