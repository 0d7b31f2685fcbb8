import type { z } from 'zod';
import type { Queryable } from '../../chassis/database/index.ts';
import type { quote } from '../contract/quotes.ts';

export type Quote = z.infer<typeof quote>;

/** A quote, and the revision of the cart that it was made of. */
export interface QuoteRow {
  quote: Quote;
  cartRevision: number | null;
}

export const insertQuote = async (tx: Queryable, { quote: given, cartRevision }: QuoteRow): Promise<void> => {
  await tx.run(
    `INSERT INTO quote (id, customer_id, cart_id, cart_revision, document, order_id, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5::jsonb, NULL, $6, $7)`,
    [given.id, given.customerId, given.cartId, cartRevision, JSON.stringify(given), given.createdAt, given.expiresAt],
  );
};

export const findQuote = async (database: Queryable, quoteId: string): Promise<QuoteRow | undefined> => {
  const row = await database.maybeOne<{ document: Quote; order_id: string | null; cart_revision: number | null }>(
    'SELECT document, order_id, cart_revision FROM quote WHERE id = $1',
    [quoteId],
  );
  return row && { quote: { ...row.document, orderId: row.order_id }, cartRevision: row.cart_revision };
};

/** Deletes quotes that expired before `before`: an order keeps all that its quote said. Returns how many. */
export const deleteOldQuotes = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    'DELETE FROM quote WHERE id IN (SELECT id FROM quote WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)',
    [before, limit],
  );
