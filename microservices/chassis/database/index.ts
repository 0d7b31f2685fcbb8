import type pg from 'pg';
import { createPool, type PoolOptions } from './pool.ts';
import { migrate, readMigrations } from './migrate.ts';
import { queryable, type Queryable } from './queryable.ts';
import { inTransaction, type OpenTransaction } from './transaction.ts';

export type { Queryable, SqlValue } from './queryable.ts';
export type { OpenTransaction } from './transaction.ts';
export * from './failures.ts';

/** A service's own schema: reads through `rows`/`one`/`maybeOne`, changes through `transaction`. */
export interface Database extends Queryable {
  transaction<T>(work: (tx: OpenTransaction) => Promise<T>): Promise<T>;
  /** Applies the chassis' migrations, then those of the folder. */
  migrate(folder: URL): Promise<void>;
  close(): Promise<void>;
  readonly pool: pg.Pool;
}

export const openDatabase = (options: PoolOptions): Database => {
  const pool = createPool(options);
  return {
    ...queryable(pool),
    pool,
    transaction: (work) => inTransaction(pool, work),
    migrate: async (folder) => {
      const own = await readMigrations(folder, options.schema);
      const chassis = await readMigrations(new URL('../migrations/', import.meta.url), 'chassis');
      await migrate(pool, options.schema, [...chassis, ...own]);
    },
    close: () => pool.end(),
  };
};
