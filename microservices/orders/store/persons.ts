import type { Queryable } from '../../chassis/database/index.ts';

/** What belonged to one customer belongs to another from now on: two records of the same person became one. */
export const moveCustomer = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run('UPDATE orders SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  await tx.run('UPDATE cart SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  await tx.run(
    `UPDATE quote SET customer_id = $2, document = jsonb_set(document, '{customerId}', to_jsonb($2::text)) WHERE customer_id = $1`,
    [from, to],
  );
};

/**
 * Deletes what tells who a customer is: carts, quotes, addresses, e-mail, names and free text. Amounts, SKUs and the bare id stay, which bookkeeping
 * needs. To be acknowledged afterwards when `acknowledge`.
 */
export const erasePerson = async (tx: Queryable, customerId: string, at: Date, acknowledge: boolean): Promise<void> => {
  await tx.run('DELETE FROM cart WHERE customer_id = $1', [customerId]);
  await tx.run('DELETE FROM quote WHERE customer_id = $1', [customerId]);
  await tx.run(
    `UPDATE timeline SET reason = NULL FROM orders
     WHERE orders.id = timeline.order_id AND orders.customer_id = $1 AND (timeline.kind = 'note' OR timeline.actor = 'customer:' || $1)`,
    [customerId],
  );
  await tx.run(
    `UPDATE orders SET email = NULL, recipient = NULL, shipping_address = NULL, billing_address = NULL, note = NULL, metadata = '{}'::jsonb
     WHERE customer_id = $1`,
    [customerId],
  );
  if (acknowledge) {
    await tx.run('INSERT INTO erasure (customer_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      customerId,
      at,
    ]);
  }
};

export const unacknowledgedErasures = async (database: Queryable, limit: number): Promise<string[]> =>
  (
    await database.rows<{ customer_id: string }>(
      'SELECT customer_id FROM erasure WHERE acknowledged_at IS NULL ORDER BY customer_id LIMIT $1',
      [limit],
    )
  ).map((row) => row.customer_id);

export const markAcknowledged = async (database: Queryable, customerId: string, at: Date): Promise<void> => {
  await database.run('UPDATE erasure SET acknowledged_at = $2 WHERE customer_id = $1', [customerId, at]);
};
