import type { Queryable } from '../../chassis/database/index.ts';
import type { Place } from '../policy.ts';

export interface Anchor extends Place {
  anchoredAt: string;
}

/** Keeps an anchor; undefined when the trail was anchored there before. */
export const insertAnchor = (tx: Queryable, { position, hash }: Place, at: Date): Promise<Anchor | undefined> =>
  tx.maybeOne<Anchor>(
    `INSERT INTO audit_anchor (position, hash, anchored_at) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING position, hash, anchored_at AS "anchoredAt"`,
    [position, hash, at],
  );

/** Newest first; one page and one row more. */
export const listAnchors = (db: Queryable, limit: number, before?: number): Promise<Anchor[]> =>
  db.rows<Anchor>(
    `SELECT position, hash, anchored_at AS "anchoredAt" FROM audit_anchor
     WHERE $1::bigint IS NULL OR position < $1 ORDER BY position DESC LIMIT $2`,
    [before ?? null, limit + 1],
  );

/** The anchors that a walk of the trail meets: position → hash. */
export const anchorsBehind = async (db: Queryable, position: number): Promise<Map<number, string>> => {
  const rows = await db.rows<Place>('SELECT position, hash FROM audit_anchor WHERE position > $1', [position]);
  return new Map(rows.map((row) => [row.position, row.hash]));
};

/** The last anchor whose entry, and with it all before, was recorded before this moment. */
export const lastAnchorBefore = (db: Queryable, moment: Date): Promise<Place | undefined> =>
  db.maybeOne<Place>(
    `SELECT a.position, a.hash FROM audit_anchor a JOIN audit_entry e USING (position)
     WHERE e.recorded_at < $1 ORDER BY a.position DESC LIMIT 1`,
    [moment],
  );
