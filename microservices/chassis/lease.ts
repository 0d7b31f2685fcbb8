import type { Queryable } from './database/index.ts';

/**
 * Takes or renews a named lease; true while `holder` has it. The database's clock decides, so that processes with different
 * clocks agree. A lease only keeps work from being done twice needlessly: whoever relies on it must still be safe to repeat.
 */
export const takeLease = async (
  database: Queryable,
  name: string,
  holder: string,
  milliseconds: number,
): Promise<boolean> =>
  (await database.run(
    `INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, now() + $3 * interval '1 millisecond')
     ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
     WHERE lease.holder = EXCLUDED.holder OR lease.expires_at < now()`,
    [name, holder, milliseconds],
  )) === 1;

/** Gives a lease back, so that another process need not wait for it to run out. */
export const releaseLease = async (database: Queryable, name: string, holder: string): Promise<void> => {
  await database.run('DELETE FROM lease WHERE name = $1 AND holder = $2', [name, holder]);
};
