import type { z } from 'zod';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { containing } from '../../chassis/database/like.ts';
import { promotion } from '../contract/promotions.ts';

export type Promotion = z.infer<typeof promotion>;

const COLUMNS = columns(Object.keys(promotion.shape));

const values = (given: Promotion) => [
  given.id,
  given.title,
  given.kind,
  given.percentage,
  given.amount,
  given.currency,
  given.minimumSpend,
  JSON.stringify(given.skus),
  given.startsAt === null ? null : new Date(given.startsAt),
  given.endsAt === null ? null : new Date(given.endsAt),
  given.usageLimit,
  given.usageLimitPerCustomer,
  given.active,
  given.updatedAt,
];

/** False when the code is taken. */
export const insertPromotion = async (tx: Queryable, given: Promotion): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO promotion (id, title, kind, percentage, amount, currency, minimum_spend, skus, starts_at, ends_at, usage_limit,
       usage_limit_per_customer, active, updated_at, code, used, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, 0, $16) ON CONFLICT (code) DO NOTHING`,
    [...values(given), given.code, given.createdAt],
  )) === 1;

/** Writes a promotion that was locked before; code and use stay. */
export const updatePromotion = async (tx: Queryable, given: Promotion): Promise<void> => {
  await tx.run(
    `UPDATE promotion SET title = $2, kind = $3, percentage = $4, amount = $5, currency = $6, minimum_spend = $7, skus = $8::jsonb,
       starts_at = $9, ends_at = $10, usage_limit = $11, usage_limit_per_customer = $12, active = $13, updated_at = $14, version = $15 WHERE id = $1`,
    [...values(given), given.version],
  );
};

export const findPromotion = (database: Queryable, promotionId: string): Promise<Promotion | undefined> =>
  database.maybeOne<Promotion>(`SELECT ${COLUMNS} FROM promotion WHERE id = $1`, [promotionId]);

export const lockPromotion = (tx: Queryable, promotionId: string): Promise<Promotion | undefined> =>
  tx.maybeOne<Promotion>(`SELECT ${COLUMNS} FROM promotion WHERE id = $1 FOR UPDATE`, [promotionId]);

/** A promotion by its code, and the most often that one of these redeemers uses it. */
export const findPromotionByCode = (
  database: Queryable,
  code: string,
  redeemers: readonly string[],
): Promise<(Promotion & { usedByRedeemer: number }) | undefined> =>
  database.maybeOne<Promotion & { usedByRedeemer: number }>(
    `SELECT ${COLUMNS}, COALESCE((SELECT max(u.used) FROM promotion_use u WHERE u.promotion_id = promotion.id AND u.redeemer = ANY($2::text[])), 0) AS "usedByRedeemer"
     FROM promotion WHERE code = $1`,
    [code, [...redeemers]],
  );

export interface PromotionFilter {
  active?: boolean | undefined;
  search?: string | undefined;
  sort: 'code' | 'newest';
  after?: [value: string, id: string] | undefined;
  limit: number;
}

const ORDER = {
  code: { after: '(code, id) > ($3::text, $4)', by: 'code, id' },
  newest: { after: '(created_at, id) < ($3::timestamptz, $4)', by: 'created_at DESC, id DESC' },
} as const;

/** One row more than `limit`, when there is one. */
export const listPromotions = (database: Queryable, filter: PromotionFilter): Promise<Promotion[]> =>
  database.rows<Promotion>(
    `SELECT ${COLUMNS} FROM promotion
     WHERE ($1::boolean IS NULL OR active = $1) AND ($2::text IS NULL OR code LIKE upper($2) OR lower(title) LIKE lower($2))
       AND ($4::text IS NULL OR ${ORDER[filter.sort].after})
     ORDER BY ${ORDER[filter.sort].by} LIMIT $5`,
    [
      filter.active ?? null,
      containing(filter.search),
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.limit + 1,
    ],
  );

/** False when an order uses it. */
export const deletePromotion = async (tx: Queryable, promotionId: string): Promise<boolean> =>
  (await tx.run('DELETE FROM promotion WHERE id = $1 AND used = 0', [promotionId])) === 1;

/**
 * Counts one use by an order against the total limit and each redeemer's, all under the promotion's row lock, so that
 * none is ever exceeded. Returns which limit was reached; then the transaction must be undone. A promotion that was
 * deleted since counts nothing: quotes keep their discount.
 */
export const redeemPromotion = async (
  tx: Queryable,
  use: { promotionId: string; orderId: string; redeemers: readonly string[] },
): Promise<'redeemed' | 'deleted' | 'EXHAUSTED' | 'EXHAUSTED_FOR_CUSTOMER'> => {
  const row = await tx.one<{ counted: number; mine: number }>(
    `WITH counted AS (
       UPDATE promotion SET used = used + 1
       WHERE id = $1 AND (usage_limit IS NULL OR used < usage_limit) RETURNING id, usage_limit_per_customer
     ), mine AS (
       INSERT INTO promotion_use AS known (promotion_id, redeemer, used) SELECT id, unnest($2::text[]), 1 FROM counted
       ON CONFLICT (promotion_id, redeemer) DO UPDATE SET used = known.used + 1
       WHERE (SELECT usage_limit_per_customer FROM counted) IS NULL OR known.used < (SELECT usage_limit_per_customer FROM counted)
       RETURNING promotion_id
     ), redeemed AS (
       INSERT INTO promotion_redemption (order_id, promotion_id, redeemers) SELECT $3, id, to_jsonb($2::text[]) FROM counted
     )
     SELECT (SELECT count(*) FROM counted)::int AS counted, (SELECT count(*) FROM mine)::int AS mine`,
    [use.promotionId, [...use.redeemers], use.orderId],
  );
  if (row.counted === 0) return (await findPromotion(tx, use.promotionId)) ? 'EXHAUSTED' : 'deleted';
  return row.mine < use.redeemers.length ? 'EXHAUSTED_FOR_CUSTOMER' : 'redeemed';
};

/** Takes back the uses that an order counted: it was cancelled or rejected. */
export const giveBackPromotions = async (tx: Queryable, orderId: string): Promise<void> => {
  await tx.run(
    `WITH gone AS (
       DELETE FROM promotion_redemption WHERE order_id = $1 RETURNING promotion_id, redeemer, redeemers
     ), counted AS (
       UPDATE promotion SET used = used - 1 FROM gone WHERE promotion.id = gone.promotion_id
     )
     UPDATE promotion_use SET used = used - 1 FROM gone
     WHERE promotion_use.promotion_id = gone.promotion_id AND (gone.redeemers ? promotion_use.redeemer OR promotion_use.redeemer = gone.redeemer)`,
    [orderId],
  );
};

/** Moves the uses of one customer to another: two records of the same person became one. */
export const moveRedeemer = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run(
    `WITH gone AS (DELETE FROM promotion_use WHERE redeemer = $1 RETURNING promotion_id, used)
     INSERT INTO promotion_use AS known (promotion_id, redeemer, used) SELECT promotion_id, $2, used FROM gone
     ON CONFLICT (promotion_id, redeemer) DO UPDATE SET used = known.used + EXCLUDED.used`,
    [from, to],
  );
  const moved = `CASE WHEN redeemers ? $1 THEN (redeemers - $1::text) || to_jsonb($2::text) ELSE redeemers END`;
  await tx.run(
    `UPDATE promotion_redemption SET redeemers = ${moved}, redeemer = CASE redeemer WHEN $1 THEN $2 ELSE redeemer END
     FROM orders WHERE orders.id = order_id AND orders.customer_id = $1`,
    [from, to],
  );
  await tx.run(`UPDATE quote SET redeemers = ${moved} WHERE customer_id = $1`, [from, to]);
};
