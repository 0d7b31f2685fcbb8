import type { Queryable } from '../../chassis/database/index.ts';

interface Once {
  key: string;
  step: string;
}

/** Remembers a step and key, and returns when it was first: `now` for one attempt only, whoever runs beside it. */
export const insertOnce = async (
  sql: Queryable,
  { key, step }: Once,
  now: string,
): Promise<{ first: boolean; firstAt: string }> => {
  const inserted = await sql.run(
    'INSERT INTO once (key, step, first_at) VALUES ($1, $2, $3) ON CONFLICT (key, step) DO NOTHING',
    [key, step, now],
  );
  if (inserted === 1) return { first: true, firstAt: now };
  const known = await sql.maybeOne<{ firstAt: string }>(
    'SELECT first_at AS "firstAt" FROM once WHERE key = $1 AND step = $2',
    [key, step],
  );
  // It was released in between: whoever comes next is the first.
  return { first: false, firstAt: known?.firstAt ?? now };
};

export const deleteOnce = async (sql: Queryable, { key, step }: Once): Promise<boolean> =>
  (await sql.run('DELETE FROM once WHERE key = $1 AND step = $2', [key, step])) === 1;

/** Deletes a batch of those that were first before a moment; true when there may be more. */
export const deleteOldOnce = async (sql: Queryable, before: Date, limit: number): Promise<boolean> =>
  (await sql.run('DELETE FROM once WHERE (key, step) IN (SELECT key, step FROM once WHERE first_at < $1 LIMIT $2)', [
    before,
    limit,
  ])) === limit;
