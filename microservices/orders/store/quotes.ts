import type { z } from 'zod';
import type { Queryable } from '../../chassis/database/index.ts';
import type { quote } from '../contract/quotes.ts';

export type Quote = z.infer<typeof quote>;

/** A quote, and whom the use of its promotion counts for. */
export interface QuoteRow {
  quote: Quote;
  redeemers: readonly string[];
}

export const insertQuote = async (tx: Queryable, { quote: given, redeemers }: QuoteRow): Promise<void> => {
  await tx.run(
    `INSERT INTO quote (id, customer_id, cart_id, redeemers, document, order_id, created_at, expires_at)
     VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, NULL, $6, $7)`,
    [
      given.id,
      given.customerId,
      given.cartId,
      JSON.stringify(redeemers),
      JSON.stringify(given),
      given.createdAt,
      given.expiresAt,
    ],
  );
};

export const findQuote = async (database: Queryable, quoteId: string): Promise<QuoteRow | undefined> => {
  const row = await database.maybeOne<{ document: Quote; order_id: string | null; redeemers: string[] }>(
    'SELECT document, order_id, redeemers FROM quote WHERE id = $1',
    [quoteId],
  );
  return row && { quote: { ...row.document, orderId: row.order_id }, redeemers: row.redeemers };
};

/** Deletes quotes that expired before `before`: an order keeps all that its quote said. Returns how many. */
export const deleteOldQuotes = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    'DELETE FROM quote WHERE id IN (SELECT id FROM quote WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)',
    [before, limit],
  );
