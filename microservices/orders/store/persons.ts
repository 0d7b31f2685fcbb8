import type { Queryable } from '../../chassis/database/index.ts';
import { moveRedeemer } from './promotions.ts';

/** Moves carts, quotes, orders and uses of promotions of one customer to another: two records of the same person became one. */
export const moveCustomer = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await moveRedeemer(tx, from, to);
  await tx.run('UPDATE cart SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  await tx.run(
    `UPDATE quote SET customer_id = $2, document = jsonb_set(document, '{customerId}', to_jsonb($2::text)) WHERE customer_id = $1`,
    [from, to],
  );
  // Last: an order that is being placed has locked its quote, and is there once the quote has moved.
  await tx.run('UPDATE orders SET customer_id = $2 WHERE customer_id = $1', [from, to]);
};

/**
 * Deletes the personal data of these customers: carts, quotes, addresses, e-mail, names and free text. Amounts, SKUs and the bare ids stay, which
 * bookkeeping needs.
 */
export const erasePerson = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM cart WHERE customer_id = ANY($1::text[])', [customerIds]);
  await tx.run('DELETE FROM quote WHERE customer_id = ANY($1::text[])', [customerIds]);
  await tx.run(
    `UPDATE timeline SET reason = NULL FROM orders
     WHERE orders.id = timeline.order_id AND orders.customer_id = ANY($1::text[])
       AND (timeline.kind = 'note' OR timeline.actor = 'customer:' || orders.customer_id)`,
    [customerIds],
  );
  await tx.run(
    `UPDATE orders SET email = NULL, recipient = NULL, recipient_folded = NULL, shipping_address = NULL, billing_address = NULL, note = NULL, metadata = '{}'::jsonb
     WHERE customer_id = ANY($1::text[])`,
    [customerIds],
  );
};
