import { command, remember } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { abandonOrder } from '../store/abandoned-orders.ts';
import { findBargain, lockBargain, saveBargain, type BargainRow } from '../store/bargains.ts';
import { bargainFor } from './bargain-views.ts';
import { noBargain, requireRunning } from './bargains.ts';
import { CLAIM_MS } from './claim.ts';
import { holder, type Purchase } from './hold.ts';

/**
 * Buys a bargain as a seat is taken: it is claimed first, so that nobody cuts any more; then money and stock are held
 * under the id of the order, which a job makes. A refusal gives the claim up, and a crash leaves that to the job.
 */
export const bargainPurchase = (context: Context): Pick<Handlers, 'buyBargain'> => {
  const hold = holder(context);
  const { database, now } = context;
  return {
    buyBargain: command({
      prepare: async ({ bargainId, shippingAddress, shippingMethod }, { caller, derivedKey, errors }) => {
        const known = await findBargain(database, bargainId);
        if (!known || (caller.kind === 'customer' && known.customerId !== caller.customerId))
          throw noBargain(bargainId, errors);
        const claim = { bargainId, buyKey: derivedKey('buy'), at: now() };
        const row = await context.commit((tx) => claimPurchase(tx, claim, errors));
        try {
          const where = { shippingAddress, ...(shippingMethod === undefined ? {} : { shippingMethod }) };
          return { row, held: await hold(purchaseOf(row), where, errors) };
        } catch (error) {
          // Another request with the same key is at work on this purchase: it is that one's to give up.
          if (error instanceof Problem && error.code === 'IDEMPOTENCY_IN_FLIGHT') throw error;
          await context.commit((tx) => giveUpPurchase(tx, row, now()));
          throw error;
        }
      },
      commit: async (tx, _, { caller, errors }, { row, held }) => {
        const at = now();
        const present = await lockBargain(tx, row.id);
        if (present?.state !== 'buying' || present.orderId !== row.orderId) {
          await abandonOrder(tx, row.orderId ?? '', row.id, at);
          const state = present?.state ?? 'lapsed';
          return remember(errors.BARGAIN_ENDED('The purchase took too long and was given up. Buy again.', { state }));
        }
        const after: BargainRow = { ...present, ...held, state: 'paying' };
        await saveBargain(tx, after, at);
        return bargainFor(tx, after, caller);
      },
    }),
  };
};

const claimPurchase = async (
  tx: Tx,
  { bargainId, buyKey, at }: { bargainId: string; buyKey: string; at: Date },
  errors: Failures<'buyBargain'>,
): Promise<BargainRow> => {
  const row = await lockBargain(tx, bargainId);
  if (!row) throw noBargain(bargainId, errors);
  // A repeat of the request goes on with what it claimed.
  if (row.state === 'buying' && row.buyKey === buyKey) return row;
  requireRunning(row, at, errors);
  const claimed: BargainRow = { ...row, state: 'buying', buyKey, orderId: newId('ord') };
  await saveBargain(tx, claimed, new Date(at.getTime() + CLAIM_MS));
  return claimed;
};

const purchaseOf = (row: BargainRow): Purchase => {
  if (row.orderId === null || row.customerId === null) throw new Error(`Bargain ${row.id} is bought by nobody`);
  return {
    ...{ key: row.orderId, customerId: row.customerId, sku: row.sku, price: row.price, currency: row.currency },
    ...{ campaignId: row.bargainCampaignId, teamId: row.id, orderId: row.orderId, since: row.createdAt },
  };
};

/**
 * Gives a purchase up: the bargain is again as it was before, and what is held for the order will be let go. Nothing
 * where it was given up already. Returns the bargain.
 */
export const giveUpPurchase = async (
  tx: Tx,
  { id, orderId }: BargainRow,
  at: Date,
): Promise<BargainRow | undefined> => {
  const row = await lockBargain(tx, id);
  if (!row || orderId === null || row.orderId !== orderId || (row.state !== 'buying' && row.state !== 'paying'))
    return undefined;
  await abandonOrder(tx, orderId, id, at);
  const before: BargainRow = {
    ...{ ...row, state: row.cutsMade === row.cuts ? 'won' : 'running' },
    ...{ buyKey: null, orderId: null, quoteId: null, holdId: null, reservationId: null, held: null },
  };
  await saveBargain(tx, before, at);
  return before;
};
