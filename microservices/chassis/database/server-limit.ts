import type { ConnectionPlan } from './connection-plan.ts';
import type { Queryable } from './queryable.ts';
import { DatabaseStartError } from './start-error.ts';

/** Some connections are kept for administrators: https://www.postgresql.org/docs/15/runtime-config-connection.html */
const LIMIT = `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed`;

/**
 * Throws DatabaseStartError when the server allows fewer connections than planned: better now than under load. Nodes of
 * a cluster that shares them (`load_balance`) have a limit each, so nothing is said of those.
 */
export const refuseSmallServer = async (
  database: Queryable,
  url: string,
  { total, mostPerService }: ConnectionPlan,
): Promise<void> => {
  const { searchParams, host } = new URL(url);
  if (searchParams.get('load_balance') === 'true') return;
  const { allowed } = await database.one<{ allowed: number }>(LIMIT);
  if (allowed >= total) return;
  throw new DatabaseStartError(
    `PostgreSQL at ${searchParams.get('host') ?? host} allows ${allowed} connections (max_connections without those for superusers), and this process may open ${total}, up to ${mostPerService} for a service. Raise max_connections there, or lower --connections (DATABASE_CONNECTIONS) to ${allowed} or less, with room for other processes.`,
  );
};
