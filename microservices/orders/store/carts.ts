import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { literally } from '../../chassis/database/like.ts';
import type { CartLine } from '../policy/cart.ts';

/** A cart as it is stored: one row. */
export interface CartRow {
  id: string;
  state: 'open' | 'ordered' | 'merged';
  customerId: string | null;
  currency: string;
  country: string | null;
  email: string | null;
  lines: CartLine[];
  couponCode: string | null;
  subtotal: number;
  pricesAsOf: string;
  mergedInto: string | null;
  orderId: string | null;
  revision: number;
  createdAt: string;
  updatedAt: string;
  abandonedAt: string | null;
}

const COLUMNS = columns([
  'id',
  'state',
  'customerId',
  'currency',
  'country',
  'email',
  'lines',
  'couponCode',
  'subtotal',
  'pricesAsOf',
  'mergedInto',
  'orderId',
  'revision',
  'createdAt',
  'updatedAt',
  'abandonedAt',
]);

const values = (cart: CartRow) => [
  cart.id,
  cart.state,
  cart.customerId,
  cart.currency,
  cart.country,
  cart.email,
  JSON.stringify(cart.lines),
  cart.couponCode,
  cart.subtotal,
  cart.pricesAsOf,
  cart.mergedInto,
  cart.orderId,
  cart.revision,
  cart.createdAt,
  cart.updatedAt,
  cart.abandonedAt,
];

export const insertCart = async (tx: Queryable, cart: CartRow): Promise<void> => {
  await tx.run(
    `INSERT INTO cart (id, state, customer_id, currency, country, email, lines, coupon_code, subtotal, prices_as_of, merged_into, order_id,
       revision, created_at, updated_at, abandoned_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    values(cart),
  );
};

/** Writes a cart that was locked before. */
export const updateCart = async (tx: Queryable, cart: CartRow): Promise<void> => {
  await tx.run(
    `UPDATE cart SET state = $2, customer_id = $3, currency = $4, country = $5, email = $6, lines = $7::jsonb, coupon_code = $8,
       subtotal = $9, prices_as_of = $10, merged_into = $11, order_id = $12, revision = $13, created_at = $14, updated_at = $15, abandoned_at = $16
     WHERE id = $1`,
    values(cart),
  );
};

export const findCart = (database: Queryable, cartId: string): Promise<CartRow | undefined> =>
  database.maybeOne<CartRow>(`SELECT ${COLUMNS} FROM cart WHERE id = $1`, [cartId]);

export const lockCart = (tx: Queryable, cartId: string): Promise<CartRow | undefined> =>
  tx.maybeOne<CartRow>(`SELECT ${COLUMNS} FROM cart WHERE id = $1 FOR UPDATE`, [cartId]);

/** The open cart of a customer that changed last. */
export const newestOpenCart = (
  database: Queryable,
  customerId: string,
  currency: string,
): Promise<CartRow | undefined> =>
  database.maybeOne<CartRow>(
    `SELECT ${COLUMNS} FROM cart WHERE customer_id = $1 AND state = 'open' AND currency = $2 ORDER BY updated_at DESC, id DESC LIMIT 1`,
    [customerId, currency],
  );

export interface CartFilter {
  state?: string | undefined;
  customerId?: string | undefined;
  abandoned?: boolean | undefined;
  search?: string | undefined;
  after?: [updatedAt: string, id: string] | undefined;
  limit: number;
}

/** Newest change first; one row more than `limit`, when there is one. */
export const listCarts = (database: Queryable, filter: CartFilter): Promise<CartRow[]> =>
  database.rows<CartRow>(
    `SELECT ${COLUMNS} FROM cart
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR customer_id = $2)
       AND ($3::boolean IS NULL OR (abandoned_at IS NOT NULL) = $3)
       AND ($4::text IS NULL OR email LIKE $4 || '%' OR lines @> $5::jsonb)
       AND ($6::timestamptz IS NULL OR (updated_at, id) < ($6, $7))
     ORDER BY updated_at DESC, id DESC LIMIT $8`,
    [
      filter.state ?? null,
      filter.customerId ?? null,
      filter.abandoned ?? null,
      filter.search === undefined ? null : literally(filter.search.toLowerCase()),
      JSON.stringify([{ sku: filter.search ?? '' }]),
      filter.after?.[0] ?? null,
      filter.after?.[1] ?? null,
      filter.limit + 1,
    ],
  );

/**
 * Marks filled carts untouched since `before` as abandoned, a batch at a time, and returns them; each once until it
 * changes again.
 */
export const markAbandoned = (tx: Queryable, before: Date, now: Date, limit: number): Promise<CartRow[]> =>
  tx.rows<CartRow>(
    `UPDATE cart SET abandoned_at = $2
     WHERE id IN (SELECT id FROM cart WHERE state = 'open' AND updated_at < $1 AND abandoned_at IS NULL AND lines <> '[]'::jsonb
       ORDER BY updated_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING ${COLUMNS}`,
    [before, now, limit],
  );

/** Deletes carts untouched since `before`, in any state: orders keep what they need. Returns how many. */
export const deleteStaleCarts = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    `DELETE FROM cart WHERE id IN (SELECT id FROM cart WHERE state IN ('open', 'ordered', 'merged') AND updated_at < $1
       LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, limit],
  );
