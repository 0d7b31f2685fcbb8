import type { Context, Tx } from '../context.ts';
import { lockBargain } from '../store/bargains.ts';
import { forgetPersons, openBargainsOf, openSeatsOf, payingBargainsOf, wonSeatsOf } from '../store/persons.ts';
import { lapse } from './bargain-ends.ts';
import { giveUpPurchase } from './bargain-purchase.ts';
import { giveUpById } from './ends.ts';

/** An erasure waits for orders of teams and bargains that are being made: they are paid with the person's hold. */
export const waitsForOrders = async (tx: Tx, customerIds: readonly string[]): Promise<string | undefined> => {
  const made = (await wonSeatsOf(tx, customerIds)) + (await payingBargainsOf(tx, customerIds));
  return made > 0 ? `${made} orders of campaigns are being made. It goes on when they are.` : undefined;
};

/** Takes persons out of their teams and bargains, lets go what is held for them, and forgets who they were. */
export const erasePersons =
  ({ now }: Pick<Context, 'now'>) =>
  async (tx: Tx, customerIds: readonly string[]): Promise<void> => {
    for (const seat of await openSeatsOf(tx, customerIds))
      await giveUpById(tx, seat, { reason: 'customer_erased', at: now() });
    for (const { id } of await openBargainsOf(tx, customerIds)) await endBargain(tx, id, now());
    await forgetPersons(tx, customerIds);
  };

const endBargain = async (tx: Tx, id: string, at: Date): Promise<void> => {
  const row = await lockBargain(tx, id);
  if (!row) return;
  await lapse(tx, (await giveUpPurchase(tx, row, at)) ?? row, at);
};
