import type { Queryable } from '../database/index.ts';

/**
 * Records event ids in the transaction of their effect and returns those that were not yet there. Ids are written in
 * sorted order, so that two consumers of overlapping batches never deadlock.
 */
export const unseen = async (tx: Queryable, eventIds: readonly string[]): Promise<Set<string>> => {
  const ids = [...new Set(eventIds)].toSorted();
  const rows = await tx.rows<{ event_id: string }>(
    'INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id',
    [ids],
  );
  return new Set(rows.map((row) => row.event_id));
};
