import type pg from 'pg';
import { isRehearsal } from '../context.ts';
import { createPool, type PoolOptions } from './pool.ts';
import { migrate, readMigrations, type MigrationStep } from './migrate.ts';
import { queryable, type Queryable } from './queryable.ts';
import { inTransaction, type OpenTransaction } from './transaction.ts';

export type { Queryable, SqlValue } from './queryable.ts';
export type { OpenTransaction } from './transaction.ts';
export * from './failures.ts';

/** A service's own schema: reads through `rows`/`one`/`maybeOne`, changes through `transaction`. */
export interface Database extends Queryable {
  transaction<T>(work: (tx: OpenTransaction) => Promise<T>): Promise<T>;
  /** Applies the chassis' migrations, then those of the folder; asks nothing when all of them are among `applied`. */
  migrate(folder: URL, applied?: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
  readonly schema: string;
  readonly pool: pg.Pool;
}

/** The same for every schema, so the files are read once. */
let chassisSteps: Promise<MigrationStep[]> | undefined;
const readChassisSteps = (): Promise<MigrationStep[]> =>
  readMigrations(new URL('../migrations/', import.meta.url), 'chassis');

/** Every migration step of a schema, the chassis' before those of the folder. */
export const migrationSteps = async (folder: URL, schema: string): Promise<MigrationStep[]> => [
  ...(await (chassisSteps ??= readChassisSteps())),
  ...(await readMigrations(folder, schema)),
];

export const openDatabase = (options: PoolOptions): Database => {
  const pool = createPool(options);
  return {
    ...outsideTransactions(pool),
    pool,
    schema: options.schema,
    transaction: (work) => inTransaction(pool, work),
    migrate: async (folder, applied) => {
      const steps = await migrationSteps(folder, options.schema);
      if (applied && steps.every(({ name }) => applied.has(name))) return;
      await migrate(pool, options.schema, steps);
    },
    close: () => pool.end(),
  };
};

/** Single statements. In a rehearsal each is a transaction, so that it is undone as well. */
const outsideTransactions = (pool: pg.Pool): Queryable => {
  const direct = queryable(pool);
  const run = <T>(statement: (sql: Queryable) => Promise<T>): Promise<T> =>
    isRehearsal() ? inTransaction(pool, statement) : statement(direct);
  return {
    rows: (text, values) => run((sql) => sql.rows(text, values)),
    maybeOne: (text, values) => run((sql) => sql.maybeOne(text, values)),
    one: (text, values) => run((sql) => sql.one(text, values)),
    run: (text, values) => run((sql) => sql.run(text, values)),
  };
};
