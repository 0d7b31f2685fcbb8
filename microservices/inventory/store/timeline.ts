import type { Queryable } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { ReservationEntry } from '../contract/shapes.ts';

export interface NewEntry extends Pick<ReservationEntry, 'kind' | 'lines'> {
  reservationId: string;
  actor: string;
}

/** Adds to the timelines of reservations, in one statement. */
export const noteEntries = async (tx: Queryable, entries: readonly NewEntry[]): Promise<void> => {
  const rows = entries.map((entry) => ({ ...entry, id: newId('ren') }));
  await tx.run(
    `INSERT INTO reservation_entry (reservation_id, id, kind, lines, actor)
     SELECT "reservationId", id, kind, lines, actor
     FROM jsonb_to_recordset($1::jsonb) AS e("reservationId" text, id text, kind text, lines jsonb, actor text)`,
    [JSON.stringify(rows)],
  );
};

/** The beginning of a timeline is the reservation itself, so that reserving need not write it twice. */
const BEGINNING = '';

/** Oldest first, after the entry of that id; one page and one row more. */
export const listEntries = (
  db: Queryable,
  reservationId: string,
  limit: number,
  after: string | undefined,
): Promise<(ReservationEntry & { id: string })[]> =>
  db.rows<ReservationEntry & { id: string }>(
    `SELECT id, kind, lines, actor, at FROM (
       SELECT '${BEGINNING}' AS id, 'reserved' AS kind, NULL AS actor, r.created_at AS at,
              (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'locationId', l.location_id, 'quantity', l.quantity)
                                ORDER BY l.sku COLLATE "C", l.location_id)
               FROM reservation_line l WHERE l.reservation_id = r.id) AS lines
       FROM reservation r WHERE r.id = $1
       UNION ALL
       SELECT id, kind, actor, at, lines FROM reservation_entry WHERE reservation_id = $1
     ) AS entries
     WHERE $2::text IS NULL OR id > $2 ORDER BY id LIMIT $3`,
    [reservationId, after ?? null, limit + 1],
  );
