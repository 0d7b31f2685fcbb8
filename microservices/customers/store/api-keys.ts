import type { InputOf } from '../../chassis/contract/index.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';
import type { customersContract } from '../contract.ts';
import { apiKey, type ApiKey } from '../contract/values.ts';

const COLUMNS = columns(Object.keys(apiKey.shape));

export const insertApiKey = (
  tx: Queryable,
  row: Pick<ApiKey, 'id' | 'name' | 'hint' | 'scopes' | 'createdBy' | 'expiresAt'> & { hash: string; now: Date },
): Promise<ApiKey> =>
  tx.one<ApiKey>(
    `INSERT INTO api_key (id, hash, name, hint, scopes, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
    [row.id, row.hash, row.name, row.hint, row.scopes, row.now, row.createdBy, row.expiresAt],
  );

interface WorkingKey {
  id: string;
  scopes: string[];
  name: string;
}

/**
 * The key with this hash, unless it is revoked or expired. Notes that it was used, every five minutes at most, so that
 * a busy key does not write with every request.
 */
export const findWorkingKey = async (database: Queryable, hash: string): Promise<WorkingKey | undefined> => {
  const found = await database.maybeOne<WorkingKey & { stale: boolean }>(
    `SELECT id, scopes, name, last_used_at IS NULL OR last_used_at < now() - interval '5 minutes' AS stale FROM api_key
     WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [hash],
  );
  if (found?.stale) await database.run('UPDATE api_key SET last_used_at = now() WHERE id = $1', [found.id]);
  return found && { id: found.id, scopes: found.scopes, name: found.name };
};

export const findApiKeyById = (database: Queryable, id: string): Promise<ApiKey | undefined> =>
  database.maybeOne<ApiKey>(`SELECT ${COLUMNS} FROM api_key WHERE id = $1`, [id]);

/** Revokes a key; `first` is true for the call that did. Undefined when there is none. */
export const revokeApiKey = async (
  tx: Queryable,
  id: string,
  now: Date,
): Promise<{ key: ApiKey; first: boolean } | undefined> => {
  const first =
    (await tx.run('UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [id, now])) === 1;
  const key = await findApiKeyById(tx, id);
  return key && { key, first };
};

const STATES = {
  working: 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())',
  expired: 'revoked_at IS NULL AND expires_at <= now()',
  revoked: 'revoked_at IS NOT NULL',
} as const;

/** Keys, newest first; one more than `limit`. */
export const listApiKeys = (
  database: Queryable,
  filter: InputOf<typeof customersContract, 'listApiKeys'>,
): Promise<ApiKey[]> => {
  const [before] = readCursor(filter.cursor, oneText) ?? [null];
  return database.rows<ApiKey>(
    `SELECT ${COLUMNS} FROM api_key
     WHERE ($1::text IS NULL OR id < $1) AND ($2::text IS NULL OR position(lower($2) IN lower(name)) > 0)
       AND ${filter.state ? STATES[filter.state] : 'true'}
     ORDER BY id DESC LIMIT $3`,
    [before, filter.search, filter.limit + 1],
  );
};
