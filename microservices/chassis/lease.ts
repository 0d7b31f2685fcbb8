import type { Queryable } from './database/index.ts';

/** A lease to take or renew: `name` in the table `lease` of `schema`, for so many milliseconds. */
export interface WantedLease {
  schema: string;
  name: string;
  milliseconds: number;
}

/**
 * Takes or renews a named lease; true while `holder` has it. The database's clock decides, so that processes with
 * different clocks agree. A lease only keeps work from being done twice needlessly: whoever relies on it must still be
 * safe to repeat.
 */
export const takeLease = async (
  database: Queryable,
  name: string,
  holder: string,
  milliseconds: number,
): Promise<boolean> =>
  (await database.run(`${RELAXED} ${insertInto('lease', `VALUES ($1::text, $3::int)`)}`, [
    name,
    holder,
    milliseconds,
  ])) === 1;

/**
 * Takes or renews leases in several schemas in one statement, and returns those that `holder` has now. `schemas` are
 * all that are ever asked for by this caller: the statement's text is made from them, so that it stays the same and is
 * prepared once. Rows are locked in the order of schema and name, so that two processes never wait for each other in a
 * circle.
 */
export const takeLeases = async (
  database: Queryable,
  schemas: readonly string[],
  wanted: readonly WantedLease[],
  holder: string,
): Promise<Pick<WantedLease, 'schema' | 'name'>[]> => {
  const sorted = wanted.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return database.rows(takeTogether(schemas.toSorted()), [
    sorted.map(({ name }) => name),
    holder,
    sorted.map(({ milliseconds }) => milliseconds),
    sorted.map(({ schema }) => schema),
  ]);
};

/** Gives leases back, so that another process need not wait for them to run out. */
export const releaseLease = async (database: Queryable, name: string, holder: string): Promise<void> => {
  await database.run('DELETE FROM lease WHERE name = $1 AND holder = $2', [name, holder]);
};

// Nobody waits for a lease to reach the disk: one that a power cut undoes is taken anew.
const RELAXED = `WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))`;

const insertInto = (table: string, wanted: string): string =>
  `INSERT INTO ${table} AS known (name, holder, expires_at)
   SELECT wanted.name, $2, now() + wanted.milliseconds * interval '1 millisecond'
   FROM relaxed, (${wanted}) AS wanted(name, milliseconds)
   ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
   WHERE known.holder = EXCLUDED.holder OR known.expires_at < now()`;

const takeTogether = (schemas: readonly string[]): string => {
  const parts = schemas.map((schema, index) => ({
    schema,
    name: `taken_${index}`,
    statement: insertInto(
      `${schema}.lease`,
      `SELECT name, milliseconds FROM unnest($1::text[], $3::int[], $4::text[]) AS asked(name, milliseconds, schema) WHERE schema = '${schema}'`,
    ),
  }));
  return `${RELAXED}, ${parts.map(({ name, statement }) => `${name} AS (${statement} RETURNING name)`).join(',\n')}
${parts.map(({ schema, name }) => `SELECT '${schema}' AS schema, name FROM ${name}`).join(' UNION ALL ')}`;
};
