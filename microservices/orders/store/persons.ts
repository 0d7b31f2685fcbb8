import type { Queryable } from '../../chassis/database/index.ts';
import { mergeActivity } from './activity.ts';
import { moveRedeemer } from './promotions.ts';

/**
 * Moves carts, quotes, orders and uses of promotions of one customer to another: two records of the same person became
 * one.
 */
export const moveCustomer = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await moveRedeemer(tx, from, to);
  await mergeActivity(tx, from, to);
  await tx.run('UPDATE cart SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  await tx.run(
    `UPDATE quote SET customer_id = $2, document = jsonb_set(document, '{customerId}', to_jsonb($2::text)) WHERE customer_id = $1`,
    [from, to],
  );
  // Last: an order that is being placed has locked its quote, and is there once the quote has moved.
  await tx.run('UPDATE orders SET customer_id = $2 WHERE customer_id = $1', [from, to]);
};
