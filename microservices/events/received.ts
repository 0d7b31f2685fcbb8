import { fromMessage } from '../chassis/events/envelope.ts';
import type { ReceivedMessage } from '../chassis/events/flow.ts';
import type { ReceivedEvent } from './contract/values.ts';

/** A Kafka message as journeys get it. Throws UndecodableMessage when it is no event of the platform. */
export const toReceivedEvent = ({ topic, partition, message }: ReceivedMessage): ReceivedEvent => {
  const { dataschema: _dataschema, ...event } = fromMessage(message);
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
