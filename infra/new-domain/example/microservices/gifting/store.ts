import { columns } from '../../../../../microservices/chassis/database/columns.ts';
import type { Queryable } from '../../../../../microservices/chassis/database/index.ts';
import { giftNote, type GiftNote, type GiftNoteState } from './contract.ts';

const GIFT_NOTE = columns(Object.keys(giftNote.shape));

export const insertGiftNote = (
  tx: Queryable,
  row: Pick<GiftNote, 'id' | 'customerId' | 'message'> & { createdAt: Date; expiresAt: Date },
): Promise<GiftNote> =>
  tx.one<GiftNote>(
    `INSERT INTO gift_note (id, customer_id, message, state, expires_at, created_at)
     VALUES ($1, $2, $3, 'draft', $4, $5) RETURNING ${GIFT_NOTE}`,
    [row.id, row.customerId, row.message, row.expiresAt, row.createdAt],
  );

export const findGiftNote = (db: Queryable, id: string): Promise<GiftNote | undefined> =>
  db.maybeOne<GiftNote>(`SELECT ${GIFT_NOTE} FROM gift_note WHERE id = $1`, [id]);

/** Sends a draft; undefined when it is none, or another move was quicker. */
export const sendDraft = (tx: Queryable, id: string): Promise<GiftNote | undefined> =>
  tx.maybeOne<GiftNote>(
    `UPDATE gift_note SET state = 'sent' WHERE id = $1 AND state = 'draft' RETURNING ${GIFT_NOTE}`,
    [id],
  );

/**
 * Expires at most `limit` drafts whose time is up; rows that another transaction has locked are left to the next run.
 */
export const expireDrafts = (tx: Queryable, at: Date, limit: number): Promise<GiftNote[]> =>
  tx.rows<GiftNote>(
    `UPDATE gift_note SET state = 'expired'
     WHERE id IN (SELECT id FROM gift_note WHERE state = 'draft' AND expires_at <= $1
                  ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING ${GIFT_NOTE}`,
    [at, limit],
  );

export interface GiftNoteFilter {
  customerId?: string | undefined;
  state?: GiftNoteState | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listGiftNotes = (db: Queryable, filter: GiftNoteFilter, before?: string): Promise<GiftNote[]> =>
  db.rows<GiftNote>(
    `SELECT ${GIFT_NOTE} FROM gift_note
     WHERE ($1::text IS NULL OR customer_id = $1) AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR id < $3)
     ORDER BY id DESC LIMIT $4`,
    [filter.customerId ?? null, filter.state ?? null, before ?? null, filter.limit + 1],
  );

/** Gift notes of one customer belong to another from now on: two records of the same person became one. */
export const moveGiftNotes = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run('UPDATE gift_note SET customer_id = $2 WHERE customer_id = $1', [from, to]);
};

/** Deletes everything that these customers wrote. */
export const eraseGiftNotes = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM gift_note WHERE customer_id = ANY($1::text[])', [customerIds]);
};
