import type { KafkaMessage } from 'kafkajs';
import { fromMessage, UndecodableMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { declaredEvent } from './catalogue.ts';

/** Where a message came from. */
export interface Origin {
  topic: string;
  partition: number;
}

/** What the trigger hands to a workflow: the CloudEvent, and where on Kafka it lies. */
export interface EventItem extends Omit<CommerceEvent, 'dataschema'> {
  kafka: { topic: string; partition: number; offset: string; key: string | null; timestamp: string };
}

/**
 * Reads a Kafka message (CloudEvents 1.0, binary binding) as an item. The data is handed on as it was sent, with fields that this version does
 * not know yet. Throws UndecodableMessage when it is no event of the platform or breaks the schema of its type.
 */
export const toItem = ({ topic, partition }: Origin, message: KafkaMessage): EventItem => {
  const { dataschema: _dataschema, ...event } = fromMessage(message);
  checkData(event.type, event.data);
  return {
    ...event,
    kafka: {
      topic,
      partition,
      offset: message.offset,
      key: message.key?.toString() ?? null,
      timestamp: new Date(Number(message.timestamp)).toISOString(),
    },
  };
};

const checkData = (type: string, data: unknown): void => {
  const issue = declaredEvent(type)?.payload.safeParse(data).error?.issues[0];
  if (!issue) return;
  const where = issue.path.length > 0 ? `data.${issue.path.join('.')}` : 'data';
  throw new UndecodableMessage(`it breaks the schema of ${type} at ${where} (${issue.message})`);
};
