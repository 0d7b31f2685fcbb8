import type { Queryable } from '../../chassis/database/index.ts';

/** A customer who has not ordered for long. */
export interface Inactive {
  customerId: string;
  lastOrderId: string;
  lastOrderAt: string;
}

/** Marks customers whose last order was placed before a moment, a batch at a time; each once until they order again. */
export const markInactive = (tx: Queryable, since: Date, at: Date, limit: number): Promise<Inactive[]> =>
  tx.rows<Inactive>(
    `UPDATE customer_activity SET inactive_announced_at = $2 WHERE customer_id IN (
       SELECT customer_id FROM customer_activity WHERE last_order_at < $1 AND inactive_announced_at IS NULL
       ORDER BY last_order_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING customer_id AS "customerId", last_order_id AS "lastOrderId", last_order_at AS "lastOrderAt"`,
    [since, at, limit],
  );

/** One record of two that were the same person: the later order counts. */
export const mergeActivity = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run(
    `INSERT INTO customer_activity AS known (customer_id, last_order_id, last_order_at, inactive_announced_at)
     SELECT $2, last_order_id, last_order_at, inactive_announced_at FROM customer_activity WHERE customer_id = $1
     ON CONFLICT (customer_id) DO UPDATE SET last_order_id = EXCLUDED.last_order_id, last_order_at = EXCLUDED.last_order_at,
       inactive_announced_at = EXCLUDED.inactive_announced_at WHERE known.last_order_at < EXCLUDED.last_order_at`,
    [from, to],
  );
  await forgetActivity(tx, [from]);
};

export const forgetActivity = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM customer_activity WHERE customer_id = ANY($1::text[])', [[...customerIds]]);
};
