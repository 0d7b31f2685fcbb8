import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sqlState } from './failures.ts';
import type { Queryable } from './queryable.ts';

/** One statement of a migration file: `name` is unique in its schema for ever. */
export interface MigrationStep {
  name: string;
  statement: string;
}

/**
 * The steps of a folder of `NNN-what.sql` files, in order. Every statement ends with a semicolon at the end of a line
 * and is one step; steps are re-runnable (IF NOT EXISTS) because a crash can come between running and recording one.
 */
export const readMigrations = async (folder: URL, prefix: string): Promise<MigrationStep[]> => {
  const directory = fileURLToPath(folder);
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
  const steps = await Promise.all(
    files.map(async (file) =>
      splitStatements(await readFile(`${directory}/${file}`, 'utf8')).map((statement, index) => ({
        name: `${prefix}/${file}#${index + 1}`,
        statement,
      })),
    ),
  );
  return steps.flat();
};

/** The statements of a migration, comment lines removed. */
export const splitStatements = (sql: string): string[] =>
  sql
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/**
 * The steps that schemas have already, by schema, in two queries for all of them; a schema that was never migrated is
 * missing. With it `migrate` need not ask for each schema by itself.
 */
export const appliedSteps = async (
  database: Queryable,
  schemas: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const migrated = await database.rows<{ schema: string }>(
    `SELECT schemaname AS schema FROM pg_tables WHERE tablename = 'migration_step' AND schemaname = ANY($1)`,
    [schemas],
  );
  const steps = migrated.map(({ schema }) => `SELECT '${schema}' AS schema, name FROM ${schema}.migration_step`);
  const rows = await (steps.length === 0
    ? []
    : database.rows<{ schema: string; name: string }>(steps.join(' UNION ALL ')));
  const bySchema = Map.groupBy(rows, ({ schema }) => schema);
  return new Map([...bySchema].map(([schema, found]) => [schema, new Set(found.map(({ name }) => name))]));
};

/** Renewed while its holder lives; so long do others wait for one that died. */
const LEASE_SECONDS = 10;
const RENEW_MS = 2_000;

/**
 * Brings a schema up to date, forward only. Several processes may call it at once: one holds the lease row and works,
 * the others wait for it. A step may take as long as it needs. Throws when a step fails, naming the step.
 */
export const migrate = async (pool: pg.Pool, schema: string, steps: readonly MigrationStep[]): Promise<void> => {
  await ensureBookkeeping(pool, schema);
  if ((await pendingSteps(pool, schema, steps)).length === 0) return;
  const holder = randomUUID();
  while (!(await takeLease(pool, schema, holder))) await sleep(100);
  // A renewal that fails is tried again; when the lease runs out after all, steps that ran twice do no harm.
  const renewal = setInterval(() => void takeLease(pool, schema, holder).catch(() => undefined), RENEW_MS);
  // A connection of its own: without the pool's time-out, and leaving even a pool of one free for the renewal.
  const client = new pg.Client(pool.options);
  try {
    await client.connect();
    await client.query('SET statement_timeout = 0');
    for (const step of await pendingSteps(pool, schema, steps)) await runStep(client, schema, step);
  } finally {
    clearInterval(renewal);
    await client.end();
    await pool.query(`DELETE FROM ${schema}.migration_lease WHERE holder = $1`, [holder]);
  }
};

/**
 * Processes racing to create the same schema or table collide in its system catalog; the loser only needs to look
 * again.
 */
const CATALOGUE_RACE = new Set(['23505', '42710', '42P06', '42P07', '40001', 'XX000']);

const ensureBookkeeping = async (pool: pg.Pool, schema: string): Promise<void> => {
  const statements = [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE IF NOT EXISTS ${schema}.migration_step (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    `CREATE TABLE IF NOT EXISTS ${schema}.migration_lease (only_one int PRIMARY KEY, holder text NOT NULL, expires_at timestamptz NOT NULL)`,
  ];
  for (const statement of statements) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await pool.query(statement);
        break;
      } catch (error) {
        if (!CATALOGUE_RACE.has(sqlState(error) ?? '') || attempt === 10) throw error;
        await sleep(20 * attempt);
      }
    }
  }
};

const pendingSteps = async (
  pool: pg.Pool,
  schema: string,
  steps: readonly MigrationStep[],
): Promise<MigrationStep[]> => {
  const applied = await pool.query<{ name: string }>(`SELECT name FROM ${schema}.migration_step`);
  const names = new Set(applied.rows.map((row) => row.name));
  return steps.filter((step) => !names.has(step.name));
};

const takeLease = async (pool: pg.Pool, schema: string, holder: string): Promise<boolean> => {
  const taken = await pool.query(
    `INSERT INTO ${schema}.migration_lease (only_one, holder, expires_at)
     VALUES (1, $1, now() + interval '${LEASE_SECONDS} seconds')
     ON CONFLICT (only_one) DO UPDATE SET holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at
     WHERE migration_lease.expires_at < now() OR migration_lease.holder = EXCLUDED.holder`,
    [holder],
  );
  return taken.rowCount === 1;
};

const runStep = async (client: pg.Client, schema: string, step: MigrationStep): Promise<void> => {
  try {
    await client.query(step.statement).catch(unlessItWasAdded(step));
    await client.query(`INSERT INTO ${schema}.migration_step (name) VALUES ($1) ON CONFLICT DO NOTHING`, [step.name]);
  } catch (error) {
    throw new Error(
      `Migration ${step.name} of schema ${schema} failed: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
};

/**
 * DDL has no ADD CONSTRAINT IF NOT EXISTS: a constraint of that name is there only because the step ran before and was
 * not recorded.
 */
const unlessItWasAdded =
  ({ statement }: MigrationStep) =>
  (error: unknown): void => {
    if (sqlState(error) !== DUPLICATE_OBJECT || !/^ALTER TABLE \S+\s+ADD CONSTRAINT\s/i.test(statement)) throw error;
  };

const DUPLICATE_OBJECT = '42710';
