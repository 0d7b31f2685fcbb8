import type { Caller } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Bargain, BargainWithCuts } from '../contract/bargain-values.ts';
import { commitmentOf } from '../policy/cuts.ts';
import { listCuts, type BargainRow, type CutRow } from '../store/bargains.ts';

/** Nobody cuts any more, whatever happens: the seed can be shown. */
const isSettled = ({ state, cutsMade, cuts }: BargainRow): boolean =>
  state === 'bought' || state === 'lapsed' || cutsMade === cuts;

/** A bargain as everybody with its link sees it. */
export const bargainView = (row: BargainRow): Bargain => {
  const money = (amount: number) => ({ amount, currency: row.currency });
  return {
    ...{ id: row.id, bargainCampaignId: row.bargainCampaignId, code: row.code, state: row.state },
    startPrice: money(row.startPrice),
    floorPrice: money(row.floorPrice),
    price: money(row.price),
    ...{ cuts: row.cuts, cutsLeft: row.cuts - row.cutsMade },
    commitment: commitmentOf(row.seed),
    seed: isSettled(row) ? row.seed : null,
    ...{ expiresAt: row.expiresAt, createdAt: row.createdAt },
  };
};

export const cutView = ({ number, amount, customerId, createdAt }: CutRow, currency: string, caller: Caller) => ({
  ...{ number, amount: { amount, currency }, createdAt },
  customerId: caller.kind !== 'customer' || caller.customerId === customerId ? customerId : null,
});

/** A bargain with its cuts, for staff and for who started it. */
export const bargainFor = async (db: Queryable, row: BargainRow, caller: Caller): Promise<BargainWithCuts> => ({
  ...bargainView(row),
  customerId: row.customerId,
  cutList: (await listCuts(db, row.id)).map((cut) => cutView(cut, row.currency, caller)),
  orderId: row.orderId,
  paid: row.paid === null ? null : { amount: row.paid, currency: row.currency },
});

/** The part that all events about a bargain share. */
export const aboutBargain = (row: BargainRow) => ({
  ...{ bargainId: row.id, bargainCampaignId: row.bargainCampaignId, customerId: row.customerId },
  price: { amount: row.price, currency: row.currency },
  floorPrice: { amount: row.floorPrice, currency: row.currency },
  ...{ cutsLeft: row.cuts - row.cutsMade, expiresAt: row.expiresAt },
});
