import type { IHeaders } from 'kafkajs';
import { typeOf, type JourneyEvent } from './envelope.ts';

/** The type of the event that carries a dead letter back to the one consumer that could not handle it. */
export const REPLAYED = 'event.replayed';

/** A dead letter on its way back. */
export interface Replay {
  deadLetterId: string;
  /** The consumer group it is for; all others pass it over. */
  group: string;
  event: JourneyEvent;
}

/** The replay that a message carries for a consumer group; undefined for every other message. */
export const replayFor = (
  group: string,
  message: { value: Buffer | null; headers?: IHeaders | undefined },
): Replay | undefined => {
  if (typeOf(message) !== REPLAYED || message.value === null) return undefined;
  try {
    const replay = JSON.parse(message.value.toString('utf8')) as Partial<Replay> | null;
    // Published by the events service, which checked it against its contract.
    return replay?.group === group && replay.event ? (replay as Replay) : undefined;
  } catch {
    return undefined;
  }
};
