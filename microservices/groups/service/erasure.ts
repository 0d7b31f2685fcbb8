import type { Context, Tx } from '../context.ts';
import { forgetPersons, openSeatsOf, wonSeatsOf } from '../store/persons.ts';
import { giveUpById } from './ends.ts';

/** An erasure waits for orders of complete teams that are being made: they are paid with the person's hold. */
export const waitsForOrders = async (tx: Tx, customerIds: readonly string[]): Promise<string | undefined> => {
  const won = await wonSeatsOf(tx, customerIds);
  return won > 0 ? `${won} orders of complete teams are being made. It goes on when they are.` : undefined;
};

/** Takes persons out of their teams, lets go what is held for them, and forgets who they were. */
export const erasePersons =
  ({ now }: Pick<Context, 'now'>) =>
  async (tx: Tx, customerIds: readonly string[]): Promise<void> => {
    for (const seat of await openSeatsOf(tx, customerIds))
      await giveUpById(tx, seat, { reason: 'customer_erased', at: now() });
    await forgetPersons(tx, customerIds);
  };
