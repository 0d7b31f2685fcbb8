import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { BargainState } from '../contract/bargain-values.ts';

export interface BargainRow {
  id: string;
  bargainCampaignId: string;
  customerId: string | null;
  code: string;
  seed: string;
  sku: string;
  currency: string;
  startPrice: number;
  floorPrice: number;
  price: number;
  cuts: number;
  cutsMade: number;
  state: BargainState;
  expiresAt: string;
  buyKey: string | null;
  orderId: string | null;
  quoteId: string | null;
  holdId: string | null;
  reservationId: string | null;
  held: number | null;
  paid: number | null;
  attempts: number;
  createdAt: string;
}

const NAMES = [
  'id',
  'bargainCampaignId',
  'customerId',
  'code',
  'seed',
  'sku',
  'currency',
  'startPrice',
  'floorPrice',
  'price',
  'cuts',
  'cutsMade',
  'state',
  'expiresAt',
  'buyKey',
  'orderId',
  'quoteId',
  'holdId',
  'reservationId',
  'held',
  'paid',
  'attempts',
  'createdAt',
];
const BARGAIN = columns(NAMES, 'b');

type NewBargain = Pick<
  BargainRow,
  | 'id'
  | 'bargainCampaignId'
  | 'customerId'
  | 'code'
  | 'seed'
  | 'sku'
  | 'currency'
  | 'startPrice'
  | 'floorPrice'
  | 'cuts'
> & { expiresAt: Date; createdAt: Date };

export const insertBargain = (tx: Queryable, row: NewBargain): Promise<BargainRow> =>
  tx.one<BargainRow>(
    `INSERT INTO bargain AS b (id, bargain_campaign_id, customer_id, code, seed, sku, currency, start_price, floor_price, price, cuts,
       state, expires_at, settle_after, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $10, 'running', $11, $12, $12) RETURNING ${BARGAIN}`,
    [
      row.id,
      row.bargainCampaignId,
      row.customerId,
      row.code,
      row.seed,
      row.sku,
      row.currency,
      row.startPrice,
      row.floorPrice,
      row.cuts,
      row.expiresAt,
      row.createdAt,
    ],
  );

export const findBargain = (db: Queryable, id: string): Promise<BargainRow | undefined> =>
  db.maybeOne<BargainRow>(`SELECT ${BARGAIN} FROM bargain b WHERE b.id = $1`, [id]);

export const lockBargain = (tx: Queryable, id: string): Promise<BargainRow | undefined> =>
  tx.maybeOne<BargainRow>(`SELECT ${BARGAIN} FROM bargain b WHERE b.id = $1 FOR UPDATE`, [id]);

export const findBargainByCode = (db: Queryable, code: string): Promise<BargainRow | undefined> =>
  db.maybeOne<BargainRow>(`SELECT ${BARGAIN} FROM bargain b WHERE b.code = $1`, [code]);

export const lockBargainByCode = (tx: Queryable, code: string): Promise<BargainRow | undefined> =>
  tx.maybeOne<BargainRow>(`SELECT ${BARGAIN} FROM bargain b WHERE b.code = $1 FOR UPDATE`, [code]);

/** How many bargains a customer has started in a campaign. Exact under the customer's lock. */
export const countBargains = async (db: Queryable, campaignId: string, customerId: string): Promise<number> =>
  (
    await db.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM bargain WHERE customer_id = $2 AND bargain_campaign_id = $1`,
      [campaignId, customerId],
    )
  ).count;

/** Writes what a cut, a purchase or an end changes. Called under the bargain's lock. */
export const saveBargain = async (tx: Queryable, row: BargainRow, settleAfter: Date): Promise<void> => {
  await tx.run(
    `UPDATE bargain SET state = $2, price = $3, cuts_made = $4, buy_key = $5, order_id = $6, quote_id = $7, hold_id = $8,
       reservation_id = $9, held = $10, paid = $11, settle_after = $12, attempts = 0
     WHERE id = $1`,
    [
      row.id,
      row.state,
      row.price,
      row.cutsMade,
      row.buyKey,
      row.orderId,
      row.quoteId,
      row.holdId,
      row.reservationId,
      row.held,
      row.paid,
      settleAfter,
    ],
  );
};

export interface CutRow {
  number: number;
  amount: number;
  customerId: string | null;
  createdAt: string;
}

const CUT = columns(['number', 'amount', 'customerId', 'createdAt'], 'u');

export const insertCut = async (tx: Queryable, bargainId: string, row: CutRow): Promise<void> => {
  await tx.run(
    `INSERT INTO bargain_cut (bargain_id, number, customer_id, amount, created_at) VALUES ($1, $2, $3, $4, $5)`,
    [bargainId, row.number, row.customerId, row.amount, row.createdAt],
  );
};

export const findCutOf = (db: Queryable, bargainId: string, customerId: string): Promise<CutRow | undefined> =>
  db.maybeOne<CutRow>(`SELECT ${CUT} FROM bargain_cut u WHERE u.bargain_id = $1 AND u.customer_id = $2`, [
    bargainId,
    customerId,
  ]);

export const listCuts = (db: Queryable, bargainId: string): Promise<CutRow[]> =>
  db.rows<CutRow>(`SELECT ${CUT} FROM bargain_cut u WHERE u.bargain_id = $1 ORDER BY u.number`, [bargainId]);

/** Locks the bargain whose end comes first, if its time is up. One that is being bought is not ended. */
export const lockDueBargain = (tx: Queryable, at: Date): Promise<BargainRow | undefined> =>
  tx.maybeOne<BargainRow>(
    `SELECT ${BARGAIN} FROM bargain b WHERE b.state IN ('running', 'won') AND b.expires_at <= $1
     ORDER BY b.expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [at],
  );

/** Marks bargains that end before `until` as told of, and returns them. */
export const takeExpiringBargains = (tx: Queryable, at: Date, until: Date, limit: number): Promise<BargainRow[]> =>
  tx.rows<BargainRow>(
    `UPDATE bargain b SET told_expiring = true
     WHERE b.id IN (SELECT id FROM bargain
       WHERE state IN ('running', 'won') AND NOT told_expiring AND expires_at > $1 AND expires_at <= $2
       ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING ${BARGAIN}`,
    [at, until, limit],
  );

/** Takes bargains whose order has to be made, or whose purchase was not finished, for a while. */
export const takeBargainsToSettle = (tx: Queryable, at: Date, until: Date, limit: number): Promise<BargainRow[]> =>
  tx.rows<BargainRow>(
    `UPDATE bargain b SET settle_after = $2, attempts = b.attempts + 1
     WHERE b.id IN (SELECT id FROM bargain WHERE state IN ('buying', 'paying') AND settle_after <= $1
                    ORDER BY settle_after LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING ${BARGAIN}`,
    [at, until, limit],
  );

export const settleBargainLater = async (db: Queryable, id: string, at: Date): Promise<void> => {
  await db.run(`UPDATE bargain SET settle_after = $2 WHERE id = $1 AND state IN ('buying', 'paying')`, [id, at]);
};

export interface BargainFilter {
  bargainCampaignId?: string | undefined;
  state?: BargainState | undefined;
  customerId?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listBargains = (db: Queryable, filter: BargainFilter, before?: string): Promise<BargainRow[]> =>
  db.rows<BargainRow>(
    `SELECT ${BARGAIN} FROM bargain b
     WHERE ($1::text IS NULL OR b.bargain_campaign_id = $1) AND ($2::text IS NULL OR b.state = $2)
       AND ($3::text IS NULL OR b.customer_id = $3) AND ($4::text IS NULL OR b.id < $4)
     ORDER BY b.id DESC LIMIT $5`,
    [filter.bargainCampaignId, filter.state, filter.customerId, before, filter.limit + 1],
  );
