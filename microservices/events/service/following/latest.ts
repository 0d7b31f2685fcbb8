import { typeOf } from '../../../chassis/events/envelope.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import type { Context } from '../../context.ts';
import { saveLatest as save } from '../../store/latest.ts';
import { toReceivedEvents } from './received.ts';

/** Saves the newest of these messages as the latest event of each type. */
export const saveLatest = async ({ database }: Context, messages: readonly ReceivedMessage[]): Promise<void> => {
  const newest = new Map(messages.map((received) => [typeOf(received.message) ?? '', received]));
  newest.delete('');
  await save(database, toReceivedEvents([...newest.values()]));
};
