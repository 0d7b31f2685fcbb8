import { toJourneyEvent } from '../../../chassis/events/envelope.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import type { ReceivedEvent } from '../../contract/values.ts';

/** A Kafka message in the form of the contract. Throws UndecodableMessage when it is no event of the platform. */
export const toReceivedEvent = (received: ReceivedMessage): ReceivedEvent => toJourneyEvent(received, received.message);

/**
 * Messages in the form of the contract; without those that are no events of the platform, or that a database could not
 * keep.
 */
export const toReceivedEvents = (messages: readonly ReceivedMessage[]): ReceivedEvent[] =>
  messages.flatMap((received) => {
    try {
      const event = toReceivedEvent(received);
      return Number.isNaN(Date.parse(event.time)) || event.type.includes('\u0000') ? [] : [event];
    } catch {
      return [];
    }
  });
