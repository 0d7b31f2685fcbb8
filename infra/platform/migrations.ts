import { setTimeout as sleep } from 'node:timers/promises';
import { appliedSteps } from '../../microservices/chassis/database/migrate.ts';
import { migrationSteps, openDatabase, sqlState, type Queryable } from '../../microservices/chassis/database/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import type { Progress } from '../process/progress.ts';

/** Schemas are older than this program; the message names them. */
export class MissingMigrations extends Error {}

type Migrated = Pick<ServiceDefinition, 'contract' | 'migrations'>;

/** How many steps each schema lacks, only those that lack any. Changes nothing and needs no right to. */
export const missingMigrations = async (
  database: Queryable,
  services: readonly Migrated[],
): Promise<ReadonlyMap<string, number>> => {
  const applied = await appliedSteps(
    database,
    services.map(({ contract }) => contract.domain),
  );
  const lacking = await Promise.all(
    services.map(async ({ contract: { domain }, migrations }): Promise<[string, number]> => {
      const steps = await migrationSteps(migrations, domain);
      return [domain, steps.filter(({ name }) => !applied.get(domain)?.has(name)).length];
    }),
  );
  return new Map(lacking.filter(([, steps]) => steps > 0));
};

const POLL_MS = 500;

interface AwaitOptions {
  databaseUrl: string;
  services: readonly Migrated[];
  /** `wait` returns when others have migrated; `check` throws MissingMigrations when they have not. */
  migrations: 'wait' | 'check';
  progress: Progress;
}

/** Returns when the schemas of the services are as new as this program, without changing anything. */
export const awaitMigrations = async ({ databaseUrl, services, migrations, progress }: AwaitOptions): Promise<void> => {
  const database = openDatabase({ url: databaseUrl, schema: 'public', max: 1 });
  try {
    for (let isSaid = false; ; await sleep(POLL_MS)) {
      const missing = await whatIsMissing(database, services);
      if (missing === undefined) return;
      if (migrations === 'check')
        throw new MissingMigrations(
          `The database is older than this program: ${missing}. Run \`fusioncommerce migrate\` of this version first, or start with MIGRATIONS=wait.`,
        );
      if (!isSaid) progress.say(`Waiting for migrations: ${missing} …`);
      isSaid = true;
    }
  } finally {
    await database.close();
  }
};

/** In words; undefined when nothing is. */
const whatIsMissing = async (database: Queryable, services: readonly Migrated[]): Promise<string | undefined> => {
  try {
    const missing = await missingMigrations(database, services);
    if (missing.size === 0) return undefined;
    return [...missing].map(([schema, steps]) => `${schema} lacks ${steps} steps`).join(', ');
  } catch (error) {
    // The job that migrates gives the rights to read a schema after it has made it.
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    return `no right to read a schema yet (${error instanceof Error ? error.message : String(error)}; \`migrate --grant-to\` gives it)`;
  }
};

const INSUFFICIENT_PRIVILEGE = '42501';

interface MigrateOptions {
  databaseUrl: string;
  services: readonly Migrated[];
  /** A role that may read and write the rows of these schemas afterwards, and nothing else. */
  grantTo?: string | undefined;
  progress: Progress;
}

/** Migrates the schemas of the services, one after the other. Throws when a step fails, naming it. */
export const migrateSchemas = async ({ databaseUrl, services, grantTo, progress }: MigrateOptions): Promise<void> => {
  for (const { contract, migrations } of services) {
    const database = openDatabase({ url: databaseUrl, schema: contract.domain, max: 2 });
    try {
      await database.migrate(migrations);
      if (grantTo !== undefined) for (const grant of grantsOf(contract.domain, grantTo)) await database.run(grant, []);
    } finally {
      await database.close();
    }
    progress.done('Migrated', contract.domain);
  }
};

/** The rights of a service on its schema: rows, not tables. Domains and role names are identifiers without quotes. */
const grantsOf = (schema: string, role: string): string[] => [
  `GRANT USAGE ON SCHEMA ${schema} TO "${role}"`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO "${role}"`,
  `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO "${role}"`,
];
