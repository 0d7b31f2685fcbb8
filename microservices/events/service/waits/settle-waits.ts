import { typeOf } from '../../../chassis/events/envelope.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import type { Context, Tx } from '../../context.ts';
import type { ReceivedEvent } from '../../contract/values.ts';
import { isWanted, valuesOf } from '../../policy/waits.ts';
import { lockWaitsFor, settleArrived, type Arrival } from '../../store/waits.ts';
import { anyWatched, keepEvents, lockWatched } from '../../store/watched.ts';
import { toReceivedEvents } from '../following/received.ts';

/**
 * Keeps events of watched types, and settles the waits that they end, in one transaction. True when there were such.
 */
export const settleWaits = async (context: Context, messages: readonly ReceivedMessage[]): Promise<boolean> => {
  const types = [...new Set(messages.flatMap(({ message }) => typeOf(message) ?? []))];
  // A type that is watched from now on has these events read back: they were published before.
  if (!(await anyWatched(context.database, types))) return false;
  return context.commit(async (tx) => {
    const watched = await lockWatched(tx, types);
    const events = toReceivedEvents(messages.filter(({ message }) => watched.has(typeOf(message) ?? '')));
    await keepEvents(tx, events);
    const arrivals = await arrivalsOf(tx, events);
    if (arrivals.length > 0) await settleArrived(tx, arrivals, context.now());
    return arrivals.length > 0;
  });
};

/** The first of these events that each waiting journey wants. */
const arrivalsOf = async (tx: Tx, events: readonly ReceivedEvent[]): Promise<Arrival[]> => {
  const values = [...new Set(events.flatMap(valuesOf))];
  if (values.length === 0) return [];
  const waits = await lockWaitsFor(tx, values);
  return waits.flatMap((wait) => {
    const event = events.find((one) => isWanted(wait, one));
    return event ? [{ id: wait.id, event: JSON.stringify(event) }] : [];
  });
};
