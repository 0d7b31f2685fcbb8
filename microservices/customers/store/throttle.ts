import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';

export interface ThrottleRow {
  attempts: number;
  lastAt: string;
  blockedUntil: string | null;
}

/** The tries under a key, locked until the transaction ends; a key never seen has none. */
export const lockTries = (tx: Queryable, key: string, now: Date): Promise<ThrottleRow> =>
  tx.one<ThrottleRow>(
    `INSERT INTO throttle (key, attempts, last_at) VALUES ($1, 0, $2) ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key
     RETURNING ${columns(['attempts', 'lastAt', 'blockedUntil'], 'throttle')}`,
    [key, now],
  );

export const saveTries = async (
  tx: Queryable,
  key: string,
  tries: { attempts: number; lastAt: number; blockedUntil: number | null },
): Promise<void> => {
  await tx.run('UPDATE throttle SET attempts = $2, last_at = $3, blocked_until = $4 WHERE key = $1', [
    key,
    tries.attempts,
    new Date(tries.lastAt),
    tries.blockedUntil === null ? null : new Date(tries.blockedUntil),
  ]);
};

export const forgetTries = async (tx: Queryable, keys: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM throttle WHERE key = ANY($1)', [keys.toSorted()]);
};

/** Forgets keys without a try since a moment, at most `limit`. */
export const forgetOldTries = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    'DELETE FROM throttle WHERE key IN (SELECT key FROM throttle WHERE last_at < $1 ORDER BY last_at, key LIMIT $2)',
    [before, limit],
  );
