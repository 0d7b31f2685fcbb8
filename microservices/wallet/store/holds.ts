import type { Queryable } from '../../chassis/database/index.ts';
import type { Hold, HoldState } from '../policy/book.ts';
import { holdColumns } from './rows.ts';

export const findHold = (database: Queryable, holdId: string): Promise<Hold | undefined> =>
  database.maybeOne<Hold>(`SELECT ${holdColumns()} FROM hold WHERE id = $1`, [holdId]);

/** The first hold of an owner for this reference and amount that was captured or can still be. */
export const findSameHold = (
  tx: Queryable,
  hold: { ownerId: string; currency: string; amount: number; reference: string },
  at: string,
): Promise<Hold | undefined> =>
  tx.maybeOne<Hold>(
    `SELECT ${holdColumns()} FROM hold
     WHERE reference = $1 AND owner_id = $2 AND currency = $3 AND amount = $4
       AND (state = 'captured' OR state IN ('authorized', 'partially_captured') AND expires_at > $5)
     ORDER BY id LIMIT 1`,
    [hold.reference, hold.ownerId, hold.currency, hold.amount, at],
  );

export interface HoldFilter {
  ownerId?: string | undefined;
  reference?: string | undefined;
  state?: HoldState | undefined;
  /** Only those before this id (newest come first). */
  before: string | null;
  limit: number;
}

export const listHolds = (database: Queryable, filter: HoldFilter): Promise<Hold[]> =>
  database.rows<Hold>(
    `SELECT ${holdColumns()} FROM hold
     WHERE ($1::text IS NULL OR owner_id = $1) AND ($2::text IS NULL OR reference = $2) AND ($3::text IS NULL OR state = $3)
       AND ($4::text IS NULL OR id < $4)
     ORDER BY id DESC LIMIT $5`,
    [filter.ownerId ?? null, filter.reference ?? null, filter.state ?? null, filter.before, filter.limit],
  );
