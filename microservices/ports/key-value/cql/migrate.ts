import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from 'cassandra-driver';
import { splitStatements, type MigrationStep } from '../../../chassis/database/migrate.ts';
import { CqlStartError, hasCode, leavesDoubt, messageOf } from './failures.ts';
import { changeSchema, onceUsable } from './schema.ts';
import { despiteDoubts } from './session.ts';

/** Renewed while its holder lives; so long do others wait for one that died. */
const LEASE_SECONDS = 30;
const RENEW_MS = 5_000;
const ASK_AGAIN_MS = 200;

/**
 * The steps of a folder of `NNN-what.cql` files, in order; every statement is one, ends with a semicolon at the end of
 * a line, and can be run again.
 */
export const readCqlMigrations = async (folder: URL): Promise<MigrationStep[]> => {
  const directory = fileURLToPath(folder);
  const files = (await readdir(directory)).filter((file) => file.endsWith('.cql')).toSorted();
  const steps = await Promise.all(
    files.map(async (file) =>
      splitStatements(await readFile(`${directory}/${file}`, 'utf8')).map((statement, index) => ({
        name: `${file}#${index + 1}`,
        statement,
      })),
    ),
  );
  return steps.flat();
};

/**
 * Brings a keyspace up to date, forward only. Several processes may call it at once: a conditional write lets one of
 * them work while the others wait. Steps name their tables without the keyspace. Throws, naming the step, when one
 * fails.
 */
export const migrateKeyspace = async (
  client: Client,
  keyspace: string,
  steps: readonly MigrationStep[],
): Promise<void> => {
  await ensureBookkeeping(client, keyspace);
  if ((await pendingSteps(client, keyspace, steps)).length === 0) return;
  const holder = randomUUID();
  while (!(await onceUsable(() => takeLease(client, keyspace, holder)))) await sleep(ASK_AGAIN_MS);
  // A renewal that fails is tried again; when the lease runs out after all, steps that ran twice do no harm.
  const renewal = setInterval(() => void renewLease(client, keyspace, holder).catch(() => undefined), RENEW_MS);
  try {
    for (const step of await pendingSteps(client, keyspace, steps)) await runStep(client, keyspace, step);
  } finally {
    clearInterval(renewal);
    await leaveLease(client, keyspace, holder);
  }
};

const ensureBookkeeping = async (client: Client, keyspace: string): Promise<void> => {
  const there = await client.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?',
    [keyspace],
    { isIdempotent: true },
  );
  const names = new Set(there.rows.map((row) => String(row['table_name'])));
  for (const [table, columns] of [
    ['migration_lease', 'only_one int PRIMARY KEY, holder text'],
    ['migration_step', 'name text PRIMARY KEY, applied_at timestamp'],
  ] as const) {
    if (names.has(table)) continue;
    await inKeyspace(keyspace, `its table ${table}`, () =>
      onceUsable(() => changeSchema(client, `CREATE TABLE IF NOT EXISTS ${keyspace}.${table} (${columns})`)),
    );
  }
};

const pendingSteps = async (
  client: Client,
  keyspace: string,
  steps: readonly MigrationStep[],
): Promise<MigrationStep[]> => {
  const applied = await onceUsable(() =>
    client.execute(`SELECT name FROM ${keyspace}.migration_step`, [], { isIdempotent: true }),
  );
  const names = new Set(applied.rows.map((row) => String(row['name'])));
  return steps.filter((step) => !names.has(step.name));
};

/**
 * True when the lease is ours. With many at once the server may time out without saying who got it: asked again, it
 * does.
 */
const takeLease = (client: Client, keyspace: string, holder: string): Promise<boolean> =>
  despiteDoubts(async () => {
    const taken = await client.execute(
      `INSERT INTO ${keyspace}.migration_lease (only_one, holder) VALUES (1, ?) IF NOT EXISTS USING TTL ${LEASE_SECONDS}`,
      [holder],
    );
    return taken.wasApplied() || taken.first()['holder'] === holder;
  });

/** One that cannot be left runs out by itself. */
const leaveLease = async (client: Client, keyspace: string, holder: string): Promise<void> => {
  const leave = `DELETE FROM ${keyspace}.migration_lease WHERE only_one = 1 IF holder = ?`;
  await despiteDoubts(() => client.execute(leave, [holder])).catch((error: unknown) => {
    if (!leavesDoubt(error)) throw error;
  });
};

const renewLease = async (client: Client, keyspace: string, holder: string): Promise<void> => {
  await client.execute(
    `UPDATE ${keyspace}.migration_lease USING TTL ${LEASE_SECONDS} SET holder = ? WHERE only_one = 1 IF holder = ?`,
    [holder, holder],
  );
};

const TABLE_NAME = /^(CREATE TABLE IF NOT EXISTS|ALTER TABLE|DROP TABLE IF EXISTS) (\w+)/;
const NEW_COLUMN = /^ALTER TABLE (\w+) ADD (\w+) /;

const runStep = (client: Client, keyspace: string, { name, statement }: MigrationStep): Promise<void> =>
  inKeyspace(keyspace, `migration ${name}`, async () => {
    if (!TABLE_NAME.test(statement)) throw new Error('a step creates, alters or drops one table, IF (NOT) EXISTS');
    // Not everywhere can it be said that a column is added only where it is missing.
    if (!(await hasColumnAlready(client, keyspace, statement)))
      await changeSchema(client, statement.replace(TABLE_NAME, `$1 ${keyspace}.$2`));
    await client.execute(
      `INSERT INTO ${keyspace}.migration_step (name, applied_at) VALUES (?, toTimestamp(now()))`,
      [name],
      { isIdempotent: true },
    );
  });

const hasColumnAlready = async (client: Client, keyspace: string, statement: string): Promise<boolean> => {
  const [, table, column] = NEW_COLUMN.exec(statement) ?? [];
  if (table === undefined || column === undefined) return false;
  const found = await client.execute(
    'SELECT column_name FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ? AND column_name = ?',
    [keyspace, table, column],
    { isIdempotent: true },
  );
  return found.rowLength > 0;
};

const inKeyspace = async (keyspace: string, what: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const message = `The keyspace ${keyspace} could not be prepared (${what}): ${messageOf(error)}`;
    throw hasCode(error, 'unauthorized')
      ? new CqlStartError(
          `${message}. Let an administrator GRANT CREATE, SELECT, MODIFY ON KEYSPACE ${keyspace} TO …`,
          {
            cause: error,
          },
        )
      : new Error(message, { cause: error });
  }
};
