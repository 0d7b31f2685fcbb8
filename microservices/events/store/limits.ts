import type { Queryable } from '../../chassis/database/index.ts';

/** A use of a limit as it is counted. */
export interface LimitUse {
  limit: string;
  subject: string;
  useId: string;
}

/** Locks the uses of a limit by a subject until the transaction ends. */
export const lockLimit = async (tx: Queryable, { limit, subject }: LimitUse, expiresAt: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO limit_subject AS known (limit_key, subject, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (limit_key, subject) DO UPDATE SET expires_at = GREATEST(known.expires_at, EXCLUDED.expires_at)`,
    [limit, subject, expiresAt],
  );
};

export const findUse = (
  tx: Queryable,
  { limit, subject, useId }: LimitUse,
): Promise<{ allowed: boolean } | undefined> =>
  tx.maybeOne('SELECT allowed FROM limit_use WHERE limit_key = $1 AND subject = $2 AND use_id = $3', [
    limit,
    subject,
    useId,
  ]);

/** When the allowed uses since a moment were, oldest first. */
export const allowedUses = async (tx: Queryable, { limit, subject }: LimitUse, since: Date): Promise<string[]> =>
  (
    await tx.rows<{ at: string }>(
      'SELECT used_at AS at FROM limit_use WHERE limit_key = $1 AND subject = $2 AND allowed AND used_at > $3 ORDER BY used_at',
      [limit, subject, since],
    )
  ).map(({ at }) => at);

export const insertUse = async (
  tx: Queryable,
  { limit, subject, useId }: LimitUse,
  allowed: boolean,
  at: Date,
  expiresAt: Date,
): Promise<void> => {
  await tx.run(
    'INSERT INTO limit_use (limit_key, subject, use_id, allowed, used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [limit, subject, useId, allowed, at, expiresAt],
  );
};

/** Deletes a batch of uses that count no more; true when there may be more. */
export const deleteOldUses = async (sql: Queryable, now: Date, limit: number): Promise<boolean> => {
  const uses = await sql.run(
    `DELETE FROM limit_use WHERE (limit_key, subject, use_id) IN
       (SELECT limit_key, subject, use_id FROM limit_use WHERE expires_at < $1 LIMIT $2)`,
    [now, limit],
  );
  const subjects = await sql.run(
    `DELETE FROM limit_subject WHERE (limit_key, subject) IN
       (SELECT limit_key, subject FROM limit_subject WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  );
  return uses === limit || subjects === limit;
};
