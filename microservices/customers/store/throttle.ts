import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';

export interface ThrottleRow {
  key: string;
  attempts: number;
  lastAt: string;
  blockedUntil: string | null;
}

/** The tries under each key, locked in the order of the keys until the transaction ends; a key never seen has none. */
export const lockTries = (tx: Queryable, keys: readonly string[], now: Date): Promise<ThrottleRow[]> =>
  tx.rows<ThrottleRow>(
    `INSERT INTO throttle (key, attempts, last_at) SELECT key, 0, $2 FROM unnest($1::text[]) AS given (key)
     ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key
     RETURNING ${columns(['key', 'attempts', 'lastAt', 'blockedUntil'], 'throttle')}`,
    [keys.toSorted(), now],
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

/** Takes one try back, with the wait that it began. */
export const takeBackTry = async (tx: Queryable, key: string): Promise<void> => {
  await tx.run('UPDATE throttle SET attempts = attempts - 1, blocked_until = NULL WHERE key = $1 AND attempts > 0', [
    key,
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
