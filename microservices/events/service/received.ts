import { toJourneyEvent } from '../../chassis/events/envelope.ts';
import type { ReceivedMessage } from '../../chassis/kafka/consume/options.ts';
import type { ReceivedEvent } from '../contract/values.ts';

/** A Kafka message in the form of the contract. Throws UndecodableMessage when it is no event of the platform. */
export const toReceivedEvent = (received: ReceivedMessage): ReceivedEvent => toJourneyEvent(received, received.message);
