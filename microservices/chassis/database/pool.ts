import pg from 'pg';
import type { Lending } from './lending.ts';
import { LentPool } from './lent-pool.ts';
import { spreadingClient } from './nodes.ts';

export interface PoolOptions {
  /** postgres://user:password@host:port/database; of a YugabyteDB cluster with `?load_balance=true` (see nodes.ts). */
  url: string;
  /** The schema the service owns; every name in its SQL resolves there. */
  schema: string;
  /** Connections of its own; 10 unless said otherwise. */
  max?: number;
  /** Where it may borrow more, up to `most`. */
  borrowing?: { most: number; lending: Lending } | undefined;
  onError?: (error: Error) => void;
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const DATE = 1082;

const toSafeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a JavaScript integer`);
  return value;
};

/** int8 as exact numbers, timestamps as ISO 8601 in UTC: the forms that the contracts use. */
const parsers = new Map<number, (text: string) => unknown>([
  [INT8, toSafeInteger],
  [TIMESTAMPTZ, (text: string) => new Date(text).toISOString()],
  [DATE, (text: string) => text],
]);

const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary'): unknown =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/**
 * A pool whose connections see only the service's schema and give up rather than hang: 5 s for a lock, 15 s for a
 * statement, 15 s idle inside a transaction.
 */
export const createPool = ({ url, schema, max = 10, borrowing, onError }: PoolOptions): pg.Pool => {
  const Client = spreadingClient(url);
  const options = {
    ...(Client ? { Client } : {}),
    connectionString: url,
    max,
    // One stays, so that the first request after a quiet time need not wait for a connection.
    min: 1,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: `fusioncommerce-${schema}`,
    options: `-c search_path=${schema} -c TimeZone=UTC -c lock_timeout=5000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000`,
    types,
    // A query may be sent before the one ahead of it is answered; a transaction sends its last statements and COMMIT
    // together.
    pipeline: true,
  };
  const pool = new LentPool(options, borrowing);
  // An idle connection that the server ends is replaced on next use; without a listener it would end the process.
  pool.on('error', (error) => {
    // A server that stops right after us may still meet a connection that is saying goodbye.
    if (!pool.ending) onError?.(error);
  });
  return pool;
};
