import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import { DAY, dayOf, type Fact } from '../features/history.ts';

export interface NewFact extends Fact {
  customerId: string | null;
  paymentMethod?: string | null;
  largestQuantity?: number | null;
}

/** Keeps a fact, once for each event: the event's id is its key. */
export const insertFact = async (tx: Queryable, fact: NewFact): Promise<void> => {
  await tx.run(
    `INSERT INTO fact (event_id, kind, at, customer_id, order_id, amount, currency, country, payment_method, largest_quantity)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      fact.id,
      fact.kind,
      new Date(fact.at),
      fact.customerId,
      fact.orderId,
      fact.amount,
      fact.currency,
      fact.country,
      fact.paymentMethod ?? null,
      fact.largestQuantity ?? null,
    ],
  );
};

/** Counts an order in the shop's day that it was placed on. */
export const addToShopDay = async (tx: Queryable, currency: string, at: number, amount: number): Promise<void> => {
  await tx.run(
    `INSERT INTO shop_day (currency, day, orders, amount) VALUES ($1, $2, 1, $3)
     ON CONFLICT (currency, day) DO UPDATE SET orders = shop_day.orders + 1, amount = shop_day.amount + EXCLUDED.amount`,
    [currency, dayOf(at), amount],
  );
};

export const insertAlias = async (tx: Queryable, mergedId: string, customerId: string, at: number): Promise<void> => {
  await tx.run('INSERT INTO alias (merged_id, customer_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    mergedId,
    customerId,
    new Date(at),
  ]);
};

/** Deletes a batch of facts and sightings that are too old for any feature; true when there may be more. */
export const forgetOldFacts = async (
  database: Queryable,
  now: Date,
  keep: { factDays: number; sightingDays: number },
  atOnce: number,
): Promise<boolean> => {
  const facts = await database.run(
    `DELETE FROM fact WHERE event_id IN (SELECT event_id FROM fact WHERE at < $1 AND kind <> 'registered' LIMIT $2)`,
    [new Date(now.getTime() - keep.factDays * DAY), atOnce],
  );
  const sightings = await database.run(
    `DELETE FROM sighting WHERE (entity, hash, order_id) IN (SELECT entity, hash, order_id FROM sighting WHERE at < $1 LIMIT $2)`,
    [new Date(now.getTime() - keep.sightingDays * DAY), atOnce],
  );
  return facts === atOnce || sightings === atOnce;
};
