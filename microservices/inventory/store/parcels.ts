import type { Queryable } from '../../chassis/database/index.ts';

/** Notes parcels as taken off the shelf; returns the ids of those that were not noted before. */
export const noteParcels = async (tx: Queryable, ownerId: string, ids: readonly string[]): Promise<Set<string>> =>
  new Set(
    (
      await tx.rows<{ id: string }>(
        `INSERT INTO parcel (id, owner_id) SELECT id, $1 FROM unnest($2::text[]) AS p(id) ORDER BY id ON CONFLICT DO NOTHING RETURNING id`,
        [ownerId, ids],
      )
    ).map(({ id }) => id),
  );
