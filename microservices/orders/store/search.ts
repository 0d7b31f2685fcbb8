import type { z } from 'zod';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable, SqlValue } from '../../chassis/database/index.ts';
import { literally } from '../../chassis/database/like.ts';
import { fold } from '../../chassis/text/search-words.ts';
import { orderSummary, type allocationState, type orderState, type paymentState } from '../contract/order.ts';
import type { timelineEntry } from '../contract/values.ts';

type OrderSummary = z.infer<typeof orderSummary>;
type TimelineEntry = z.infer<typeof timelineEntry>;
export type OrderSort = 'newest' | 'oldest' | 'highest' | 'lowest';

export interface OrderFilter {
  state?: z.infer<typeof orderState>[] | undefined;
  paymentState?: z.infer<typeof paymentState>[] | undefined;
  allocationState?: z.infer<typeof allocationState>[] | undefined;
  customerId?: string | undefined;
  sku?: string | undefined;
  placedFrom?: string | undefined;
  placedBefore?: string | undefined;
  search?: string | undefined;
  numberPrefix: string;
}

interface OrderPage extends OrderFilter {
  sort: OrderSort;
  after?: [value: string | number, id: string] | undefined;
  limit: number;
}

const SORT: Record<OrderSort, { column: string; cast: string; direction: 'ASC' | 'DESC'; compare: '<' | '>' }> = {
  newest: { column: 'placed_at', cast: 'timestamptz', direction: 'DESC', compare: '<' },
  oldest: { column: 'placed_at', cast: 'timestamptz', direction: 'ASC', compare: '>' },
  highest: { column: 'grand_total', cast: 'bigint', direction: 'DESC', compare: '<' },
  lowest: { column: 'grand_total', cast: 'bigint', direction: 'ASC', compare: '>' },
};

const SUMMARY = `${columns(Object.keys(orderSummary.omit({ grandTotal: true }).shape))},
  jsonb_build_object('amount', grand_total, 'currency', currency) AS "grandTotal"`;

/** Only what was asked for becomes part of the statement, so that each kind of question gets the index that fits it. */
const conditions = (filter: OrderFilter & Partial<OrderPage>): { sql: string; values: SqlValue[] } => {
  const values: SqlValue[] = [];
  const parts: string[] = [];
  const where = (part: (...places: string[]) => string, ...given: SqlValue[]) => {
    parts.push(part(...given.map((value) => `$${values.push(value)}`)));
  };
  if (filter.state) where((state) => `state = ANY(${state})`, filter.state);
  if (filter.paymentState) where((state) => `payment_state = ANY(${state})`, filter.paymentState);
  if (filter.allocationState) where((state) => `allocation_state = ANY(${state})`, filter.allocationState);
  if (filter.customerId) where((customer) => `customer_id = ${customer}`, filter.customerId);
  if (filter.sku) where((sku) => `id IN (SELECT order_id FROM order_line WHERE sku = ${sku})`, filter.sku);
  if (filter.placedFrom) where((from) => `placed_at >= ${from}`, new Date(filter.placedFrom));
  if (filter.placedBefore) where((before) => `placed_at < ${before}`, new Date(filter.placedBefore));
  if (filter.search) {
    const literal = literally(filter.search);
    const folded = fold(filter.search);
    where(
      (number, bare, email, name) =>
        `(number LIKE ${number} OR number LIKE ${bare} OR email LIKE ${email} OR COALESCE(recipient_folded, lower(recipient)) LIKE ${name})`,
      `${literal.toUpperCase()}%`,
      `${literally(filter.numberPrefix)}${literal.toUpperCase()}%`,
      `${literal.toLowerCase()}%`,
      // Nothing but invisible characters finds nothing, not everything.
      folded === '' ? null : `%${literally(folded)}%`,
    );
  }
  if (filter.after && filter.sort) {
    const { column, cast, compare } = SORT[filter.sort];
    where((value, id) => `(${column}, id) ${compare} (${value}::${cast}, ${id})`, ...filter.after);
  }
  return { sql: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values };
};

/** Orders in the asked order; one row more than `limit`, when there is one. */
export const listOrders = (database: Queryable, filter: OrderPage): Promise<OrderSummary[]> => {
  const { column, direction } = SORT[filter.sort];
  const { sql, values } = conditions(filter);
  return database.rows<OrderSummary>(
    `SELECT ${SUMMARY} FROM orders ${sql} ORDER BY ${column} ${direction}, id ${direction} LIMIT $${values.length + 1}`,
    [...values, filter.limit + 1],
  );
};

/** How many orders fit. */
export const countOrders = async (database: Queryable, filter: OrderFilter): Promise<number> => {
  const { sql, values } = conditions(filter);
  const [row] = await database.rows<{ count: number }>(`SELECT count(*)::int AS count FROM orders ${sql}`, values);
  return row?.count ?? 0;
};

export interface FactsRow {
  currency: string;
  count: number;
  spent: number;
  first: string;
  last: string;
}

/** A customer's orders in numbers, a row for each currency. */
export const customerFacts = (database: Queryable, customerId: string): Promise<FactsRow[]> =>
  database.rows<FactsRow>(
    `SELECT currency, count(*)::int AS count, sum(captured - refunded)::bigint AS spent, min(placed_at) AS first, max(placed_at) AS last
     FROM orders WHERE customer_id = $1 AND state NOT IN ('cancelled', 'rejected') GROUP BY currency ORDER BY currency`,
    [customerId],
  );

type EntryRow = Omit<TimelineEntry, 'amount'> & { amount: number | null; currency: string };

/** Timeline entries after a position; one row more than `limit`, when there is one. */
export const listTimeline = async (
  database: Queryable,
  orderId: string,
  options: { after: number; limit: number; visibleOnly: boolean },
): Promise<TimelineEntry[]> =>
  (
    await database.rows<EntryRow>(
      `SELECT t.position, t.at, t.kind, t.title, t.from_state AS "from", t.to_state AS "to", t.actor, t.reason, t.amount, t.reference, t.journey, o.currency
       FROM timeline t JOIN orders o ON o.id = t.order_id
       WHERE t.order_id = $1 AND t.position > $2 AND (t.visible OR NOT $3) ORDER BY t.position LIMIT $4`,
      [orderId, options.after, options.visibleOnly, options.limit + 1],
    )
  ).map(({ currency, amount, ...entry }) => ({ ...entry, amount: amount === null ? null : { amount, currency } }));

/** Folds the recipients of at most `limit` orders that were placed before names were. Returns how many. */
export const foldRecipients = async (database: Queryable, limit: number): Promise<number> => {
  const unfolded = await database.rows<{ id: string; recipient: string }>(
    'SELECT id, recipient FROM orders WHERE recipient_folded IS NULL AND recipient IS NOT NULL ORDER BY id LIMIT $1',
    [limit],
  );
  const folded = unfolded.map(({ id, recipient }) => ({ id, recipient, folded: fold(recipient) }));
  // An erasure in between leaves no recipient, and then nothing to fold.
  return database.run(
    `UPDATE orders SET recipient_folded = f.folded FROM jsonb_to_recordset($1::jsonb) AS f(id text, recipient text, folded text)
     WHERE orders.id = f.id AND orders.recipient = f.recipient`,
    [JSON.stringify(folded)],
  );
};
