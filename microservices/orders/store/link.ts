import type { Queryable } from '../../chassis/database/index.ts';

/** Locks orders that were placed as a guest with an address, the oldest first. */
export const lockGuestOrders = async (tx: Queryable, email: string, limit: number): Promise<string[]> =>
  (
    await tx.rows<{ id: string }>(
      `SELECT id FROM orders WHERE email = $1 AND customer_id IS NULL AND erased_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE`,
      [email, limit],
    )
  ).map(({ id }) => id);

/**
 * Makes a customer the owner of a guest's order, and counts its promotions for them: a code "once per customer" was
 * used once.
 */
export const setCustomer = async (tx: Queryable, orderId: string, customerId: string): Promise<void> => {
  await tx.run('UPDATE orders SET customer_id = $2 WHERE id = $1', [orderId, customerId]);
  await tx.run(
    `WITH mine AS (
       UPDATE promotion_redemption SET redeemers = redeemers || to_jsonb($2::text)
       WHERE order_id = $1 AND NOT redeemers ? $2 RETURNING promotion_id
     )
     INSERT INTO promotion_use AS known (promotion_id, redeemer, used) SELECT promotion_id, $2, 1 FROM mine
     ON CONFLICT (promotion_id, redeemer) DO UPDATE SET used = known.used + 1`,
    [orderId, customerId],
  );
};
