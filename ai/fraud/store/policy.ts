import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import { DEFAULT_POLICY, type Costs, type Policy } from '../policy.ts';

/** The newest policy, or the default. Fields that a stored policy lacks have their default. */
export const readPolicy = async (database: Queryable): Promise<Policy> => {
  const row = await database.maybeOne<{ version: number; costs: Costs; changed_at: string }>(
    'SELECT version, costs, changed_at FROM policy ORDER BY version DESC LIMIT 1',
  );
  return row ? { ...DEFAULT_POLICY, ...row.costs, version: row.version, changedAt: row.changed_at } : DEFAULT_POLICY;
};

/** Writes a new version; false when another transaction wrote that version first. */
export const insertPolicy = async (tx: Queryable, version: number, costs: Costs, at: string): Promise<boolean> =>
  (await tx.run('INSERT INTO policy (version, costs, changed_at) VALUES ($1, $2::jsonb, $3) ON CONFLICT DO NOTHING', [
    version,
    JSON.stringify(costs),
    at,
  ])) === 1;
