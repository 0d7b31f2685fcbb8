import type { Queryable } from '../../chassis/database/index.ts';
import type { OpenOrder } from '../policy/erasure.ts';

/** One person, by all ids and by all e-mail addresses that are known to be theirs. */
export interface Person {
  customerIds: readonly string[];
  emails: readonly string[];
}

/** Things of a person: a customer's own, and those of a guest with an address of theirs. */
const OF_PERSON = '(customer_id = ANY($1::text[]) OR (customer_id IS NULL AND email = ANY($2::text[])))';

const values = ({ customerIds, emails }: Person) => [[...customerIds], [...emails]];

export interface ErasableOrder extends OpenOrder {
  id: string;
  email: string | null;
  customerId: string | null;
}

/** Locks the person's orders that were not erased before. */
export const lockOrdersOf = (tx: Queryable, person: Person): Promise<ErasableOrder[]> =>
  tx.rows<ErasableOrder>(
    `SELECT id, number, state, email, customer_id AS "customerId",
       (payment_method = 'cash_on_delivery' AND captured < grand_total - cancelled) AS "cashDue",
       EXISTS (SELECT FROM refund WHERE refund.order_id = orders.id AND refund.state = 'issued') AS "refundOpen"
     FROM orders WHERE ${OF_PERSON} AND erased_at IS NULL ORDER BY id FOR UPDATE`,
    values(person),
  );

/**
 * Customers who were erased here and have an order that was not: of before orders noted it, or placed in the moment of
 * the erasure.
 */
export const erasedWithOrders = async (database: Queryable, limit: number): Promise<string[]> =>
  (
    await database.rows<{ customer_id: string }>(
      `SELECT e.customer_id FROM erasure e
       WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = e.customer_id AND o.erased_at IS NULL) ORDER BY e.customer_id LIMIT $1`,
      [limit],
    )
  ).map(({ customer_id: customerId }) => customerId);

/** Ids of the person's orders after a position, the oldest first; one more than `limit`, when there is one. */
export const listOrderIds = async (
  database: Queryable,
  person: Person,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string[]> =>
  (
    await database.rows<{ id: string }>(
      `SELECT id FROM orders WHERE ${OF_PERSON} AND ($3::text IS NULL OR id > $3) ORDER BY id LIMIT $4`,
      [...values(person), after ?? null, limit + 1],
    )
  ).map(({ id }) => id);

/** Deletes the person's carts and quotes; they tell where somebody lives and what they wanted. */
export const deleteCartsAndQuotes = async (
  tx: Queryable,
  person: Person,
  orderIds: readonly string[],
): Promise<void> => {
  await tx.run(`DELETE FROM cart WHERE ${OF_PERSON}`, values(person));
  await tx.run(
    `DELETE FROM quote WHERE customer_id = ANY($1::text[]) OR order_id = ANY($3::text[])
       OR (customer_id IS NULL AND document ->> 'email' = ANY($2::text[]))`,
    [...values(person), [...orderIds]],
  );
};

/**
 * Keeps name and address of the invoices of orders that became a sale, where the time that the law wants them kept is
 * not over.
 */
export const retainInvoices = async (
  tx: Queryable,
  orderIds: readonly string[],
  { days, now }: { days: number; now: Date },
): Promise<void> => {
  await tx.run(
    `INSERT INTO retained_invoice (order_id, address, placed_at, keep_until)
     SELECT id, COALESCE(billing_address, shipping_address), placed_at, placed_at + make_interval(days => $2)
     FROM orders WHERE id = ANY($1::text[]) AND COALESCE(billing_address, shipping_address) IS NOT NULL
       AND (captured > 0 OR state IN ('fulfilled', 'delivered', 'closed')) AND placed_at + make_interval(days => $2) > $3
     ON CONFLICT (order_id) DO NOTHING`,
    [[...orderIds], days, now],
  );
};

/**
 * Empties all that tells who placed these orders and all that people wrote about them; amounts, SKUs, states and ids
 * stay.
 */
export const emptyOrders = async (tx: Queryable, orderIds: readonly string[], now: Date): Promise<void> => {
  const ids = [[...orderIds]];
  await tx.run(
    `UPDATE orders SET email = NULL, recipient = NULL, recipient_folded = NULL, shipping_address = NULL, billing_address = NULL, note = NULL,
       metadata = '{}'::jsonb, state_reason = NULL, secret = NULL, erased_at = $2
     WHERE id = ANY($1::text[])`,
    [...ids, now],
  );
  await tx.run('UPDATE timeline SET reason = NULL WHERE order_id = ANY($1::text[]) AND reason IS NOT NULL', ids);
  await tx.run(`UPDATE refund SET reason = '' WHERE order_id = ANY($1::text[])`, ids);
  await tx.run(
    'UPDATE fulfilment SET carrier = NULL, tracking_number = NULL, tracking_url = NULL WHERE order_id = ANY($1::text[])',
    ids,
  );
};

/**
 * Forgets the hashes of e-mail addresses that uses of promotions were counted by, because whoever knows an address
 * could find it: those given, and those that these orders were counted by.
 */
export const forgetRedeemers = async (
  tx: Queryable,
  orderIds: readonly string[],
  hashes: readonly string[],
): Promise<void> => {
  const counted = await tx.rows<{ hash: string }>(
    `SELECT DISTINCT hash FROM promotion_redemption r, jsonb_array_elements_text(r.redeemers) AS hash
     WHERE r.order_id = ANY($1::text[]) AND hash LIKE 'email:%'`,
    [[...orderIds]],
  );
  const gone = [...new Set([...hashes, ...counted.map(({ hash }) => hash)])];
  if (gone.length === 0) return;
  await tx.run('DELETE FROM promotion_use WHERE redeemer = ANY($1::text[])', [gone]);
  await tx.run('UPDATE promotion_redemption SET redeemers = redeemers - $2::text[] WHERE order_id = ANY($1::text[])', [
    [...orderIds],
    gone,
  ]);
};
