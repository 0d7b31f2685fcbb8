import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import { DEFAULT_POLICY, type Costs, type Policy } from '../policy.ts';

/** The policy that holds: the newest, or the default. Fields that a stored one does not know yet have their default. */
export const readPolicy = async (database: Queryable): Promise<Policy> => {
  const row = await database.maybeOne<{ version: number; costs: Costs; changed_at: string }>(
    'SELECT version, costs, changed_at FROM policy ORDER BY version DESC LIMIT 1',
  );
  return row ? { ...DEFAULT_POLICY, ...row.costs, version: row.version, changedAt: row.changed_at } : DEFAULT_POLICY;
};

/** Writes a new version. Two at once collide on the version, and the later one is run again on what the first left. */
export const insertPolicy = async (tx: Queryable, version: number, costs: Costs, at: string): Promise<boolean> =>
  (await tx.run('INSERT INTO policy (version, costs, changed_at) VALUES ($1, $2::jsonb, $3) ON CONFLICT DO NOTHING', [
    version,
    JSON.stringify(costs),
    at,
  ])) === 1;
