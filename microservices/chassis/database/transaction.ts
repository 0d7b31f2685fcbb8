import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isSerializationFailure } from './failures.ts';
import { queryable, type Queryable } from './queryable.ts';

const MAX_ATTEMPTS = 12;
const BASE_DELAY_MS = 4;
const MAX_DELAY_MS = 250;

/** Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): contenders spread out instead of colliding again. */
const jitteredDelay = (attempt: number): number => Math.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);

/**
 * Runs `work` in one transaction and commits. On 40001 or 40P01, wherever it strikes, COMMIT included, the whole work is
 * run again with jittered backoff, 12 times at most; so the work must not act outside the database. Any other error rolls back and is thrown.
 */
export const inTransaction = async <T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptOnce(pool, work);
    } catch (error) {
      if (!isSerializationFailure(error) || attempt >= MAX_ATTEMPTS) throw error;
      await sleep(jitteredDelay(attempt));
    }
  }
};

const attemptOnce = async <T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only: one that dies in our hands would end the process. Its query fails anyway.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(queryable(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken = (await rollback(client)) ?? broken;
    throw error;
  } finally {
    client.off('error', onError);
    // A connection that cannot even roll back is in an unknown state: it is closed, not returned to the pool.
    client.release(broken);
  }
};

const rollback = async (client: pg.PoolClient): Promise<Error | undefined> => {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};
