import type { Queryable } from '../../chassis/database/index.ts';
import { fold } from '../../chassis/text/search-words.ts';
import type { PricedLine } from '../policy/totals.ts';
import type { NewEntry, OrderHead } from './order-head.ts';

/** An order on its way in: everything but its number. */
export interface PlacedOrder {
  head: Omit<OrderHead, 'number'>;
  recipient: string;
  lines: readonly PricedLine[];
  entry: NewEntry;
  numberPrefix: string;
}

/**
 * Turns a quote into an order, whole, in one statement: claims the quote, writes order, lines and first timeline entry,
 * and closes the cart. The cart is locked first and must be open and hold exactly the quoted lines, so that a cart
 * becomes one order at most and nothing bought stays in it. Returns the order's number; undefined, with nothing
 * changed, when the quote was placed before, expired or has another owner now, or the cart is not as quoted.
 */
export const insertPlacedOrder = async (tx: Queryable, placed: PlacedOrder): Promise<string | undefined> => {
  const { head } = placed;
  const row = await tx.maybeOne<{ number: string }>(PLACE, [
    head.id,
    head.quoteId,
    head.placedAt,
    JSON.stringify(orderRecord(placed)),
    JSON.stringify(placed.lines.map(lineRecord)),
    JSON.stringify(placed.entry),
    head.cartId,
    JSON.stringify(Object.fromEntries(placed.lines.map(({ sku, quantity }) => [sku, quantity]))),
    placed.numberPrefix,
  ]);
  return row?.number;
};

const orderRecord = ({ head, recipient }: PlacedOrder) => ({
  state: head.state,
  payment_state: head.paymentState,
  allocation_state: head.allocationState,
  customer_id: head.customerId,
  email: head.email,
  recipient,
  recipient_folded: fold(recipient),
  currency: head.currency,
  items: head.items,
  discount: head.discount,
  shipping: head.shipping,
  tax: head.tax,
  grand_total: head.grandTotal,
  payment_method: head.paymentMethod,
  details: head.details,
  shipping_address: head.shippingAddress,
  billing_address: head.billingAddress,
  note: head.note,
  metadata: head.metadata,
  secret: head.secret,
  line_count: head.lineCount,
  paid_at: head.paidAt,
});

/** Amounts and quantities are columns, which the database checks; the rest of a quoted line stays as it was. */
const lineRecord = (line: PricedLine, index: number) => ({
  line_id: line.lineId,
  position: index,
  sku: line.sku,
  quantity: line.quantity,
  net: line.net.amount,
  discount: line.discount.amount,
  tax: line.tax.amount,
  total: line.total.amount,
  details: line,
});

const PLACE = `
WITH quoted_cart AS (
  SELECT id FROM cart WHERE id = $7 AND state = 'open'
    AND (SELECT jsonb_object_agg(line ->> 'sku', line -> 'quantity') FROM jsonb_array_elements(lines) AS line) = $8::jsonb
  FOR UPDATE
), claimed AS (
  UPDATE quote SET order_id = $1 WHERE id = $2 AND order_id IS NULL AND expires_at > $3::timestamptz
    AND customer_id IS NOT DISTINCT FROM $4::jsonb ->> 'customer_id' AND ($7::text IS NULL OR EXISTS (SELECT FROM quoted_cart)) RETURNING id
), ordered AS (
  INSERT INTO orders (id, number, quote_id, cart_id, placed_at, state_since, updated_at, revision, authorized, captured, refunded, payment_failed,
    state, payment_state, allocation_state, customer_id, email, recipient, recipient_folded, currency, items, discount, shipping, tax, grand_total,
    payment_method, details, shipping_address, billing_address, note, metadata, secret, line_count, paid_at)
  SELECT $1, $9 || nextval('order_number'), claimed.id, $7, $3, $3, $3, 1, 0, 0, 0, false,
    o.state, o.payment_state, o.allocation_state, o.customer_id, o.email, o.recipient, o.recipient_folded, o.currency, o.items, o.discount, o.shipping, o.tax, o.grand_total,
    o.payment_method, o.details, o.shipping_address, o.billing_address, o.note, o.metadata, o.secret, o.line_count, o.paid_at
  FROM claimed, jsonb_to_record($4::jsonb) AS o(state text, payment_state text, allocation_state text, customer_id text, email text, recipient text, recipient_folded text,
    currency text, items bigint, discount bigint, shipping bigint, tax bigint, grand_total bigint, payment_method text, details jsonb,
    shipping_address jsonb, billing_address jsonb, note text, metadata jsonb, secret text, line_count int, paid_at timestamptz)
  RETURNING id, number
), lines AS (
  INSERT INTO order_line (order_id, line_id, position, sku, quantity, net, discount, tax, total, details)
  SELECT ordered.id, l.line_id, l.position, l.sku, l.quantity, l.net, l.discount, l.tax, l.total, l.details
  FROM ordered, jsonb_to_recordset($5::jsonb) AS l(line_id text, position int, sku text, quantity int, net bigint, discount bigint, tax bigint,
    total bigint, details jsonb)
), entries AS (
  INSERT INTO timeline (order_id, position, at, kind, title, from_state, to_state, actor, reason, amount, reference, visible)
  SELECT ordered.id, 1, $3, e.kind, e.title, e."from", e."to", e.actor, e.reason, e.amount, e.reference, e.visible
  FROM ordered, jsonb_to_record($6::jsonb) AS e(kind text, title text, "from" text, "to" text, actor text, reason text, amount bigint,
    reference text, visible boolean)
), closed AS (
  UPDATE cart SET state = 'ordered', order_id = $1, updated_at = $3, revision = revision + 1
  FROM ordered WHERE cart.id = $7
), active AS (
  INSERT INTO customer_activity AS known (customer_id, last_order_id, last_order_at)
  SELECT o.customer_id, ordered.id, $3 FROM ordered, jsonb_to_record($4::jsonb) AS o(customer_id text) WHERE o.customer_id IS NOT NULL
  ON CONFLICT (customer_id) DO UPDATE SET last_order_id = EXCLUDED.last_order_id, inactive_announced_at = NULL,
    last_order_at = GREATEST(known.last_order_at, EXCLUDED.last_order_at)
)
SELECT number FROM ordered`;
