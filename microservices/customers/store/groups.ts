import type { OutputOf, InputOf } from '../../chassis/contract/index.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';
import type { customersContract } from '../contract.ts';
import { group, type Group } from '../contract/values.ts';

type CountedGroup = OutputOf<typeof customersContract, 'listGroups'>['items'][number];

const COLUMNS = columns(Object.keys(group.shape));

/** Writes a locked or new group; undefined when another transaction made it first. */
export const saveGroup = (
  tx: Queryable,
  group: { code: string; title: string; description: string | null; version: number; now: Date },
): Promise<Group | undefined> =>
  tx.maybeOne<Group>(
    `INSERT INTO customer_group (code, title, description, created_at, version) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (code) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
       version = EXCLUDED.version WHERE customer_group.version = EXCLUDED.version - 1 RETURNING ${COLUMNS}`,
    [group.code, group.title, group.description, group.now, group.version],
  );

/** The version of a group, locked; undefined when there is none. */
export const lockGroupVersion = async (tx: Queryable, code: string): Promise<number | undefined> =>
  (await tx.maybeOne<{ version: number }>('SELECT version FROM customer_group WHERE code = $1 FOR UPDATE', [code]))
    ?.version;

/** True when the group exists; it then cannot be deleted before the transaction ends. */
export const keepGroup = async (tx: Queryable, code: string): Promise<boolean> =>
  (await tx.maybeOne<{ code: string }>('SELECT code FROM customer_group WHERE code = $1 FOR KEY SHARE', [code])) !==
  undefined;

/**
 * How many customers a group has, and nobody can be put into it before the transaction ends; undefined when there is
 * none.
 */
export const lockGroup = async (tx: Queryable, code: string): Promise<number | undefined> => {
  const found = await tx.maybeOne<{ code: string }>('SELECT code FROM customer_group WHERE code = $1 FOR UPDATE', [
    code,
  ]);
  if (!found) return undefined;
  return (await tx.one<{ count: number }>('SELECT count(*) AS count FROM customer WHERE group_code = $1', [code]))
    .count;
};

export const deleteGroup = (tx: Queryable, code: string): Promise<number> =>
  tx.run('DELETE FROM customer_group WHERE code = $1', [code]);

/** Groups by code; one more than `limit`. */
export const listGroups = (
  database: Queryable,
  filter: InputOf<typeof customersContract, 'listGroups'>,
): Promise<CountedGroup[]> => {
  const [after] = readCursor(filter.cursor, oneText) ?? [''];
  return database.rows<CountedGroup>(
    `SELECT ${COLUMNS}, (SELECT count(*) FROM customer c WHERE c.group_code = g.code) AS customers FROM customer_group g
     WHERE code > $1 AND ($2::text IS NULL OR position(lower($2) IN lower(code || ' ' || title)) > 0) ORDER BY code LIMIT $3`,
    [after, filter.search, filter.limit + 1],
  );
};
