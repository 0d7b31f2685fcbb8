import type { Queryable } from '../../chassis/database/index.ts';
import type { Book, Transfer } from '../policy/book.ts';
import { transferColumns } from './rows.ts';
import { entryColumns, POST_TRANSFERS, transferColumns as written } from './write-book.ts';

/** Claims a reference for these linked transfers, and returns whose it is: an earlier claim stays. */
export const claimClearing = async (
  tx: Queryable,
  { reference, linkedId, at }: { reference: string; linkedId: string; at: string },
): Promise<string> =>
  (
    await tx.one<{ linkedId: string }>(
      `INSERT INTO clearing_posting (reference, linked_id, at) VALUES ($1, $2, $3)
       ON CONFLICT (reference) DO UPDATE SET reference = EXCLUDED.reference RETURNING linked_id AS "linkedId"`,
      [reference, linkedId, at],
    )
  ).linkedId;

/** In the order in which they were posted. */
export const clearingTransfers = (tx: Queryable, linkedId: string): Promise<Transfer[]> =>
  tx.rows<Transfer>(`SELECT ${transferColumns()} FROM transfer WHERE linked_id = $1 ORDER BY id`, [linkedId]);

/** Writes transfers that touch no owner's account: the platform's own accounts keep no balance. */
export const writeClearing = async (tx: Queryable, { transfers, entries }: Book): Promise<void> => {
  await tx.run(POST_TRANSFERS, [JSON.stringify(transfers.map(written)), JSON.stringify(entries.map(entryColumns))]);
};
