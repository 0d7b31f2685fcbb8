import { createHash } from 'node:crypto';
import pg from 'pg';
import { poolOptions, type YugabyteDbCredential } from './connection.ts';

/** One pool a credential, shared by the executions of this n8n; it is gone when its last connection is. */
const pools = new Map<string, pg.Pool>();

const keyOf = (credential: YugabyteDbCredential): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(credential).sort()))
    .digest('hex');

const poolOf = (credential: YugabyteDbCredential): pg.Pool => {
  const key = keyOf(credential);
  const known = pools.get(key);
  if (known) return known;
  const pool = new pg.Pool(poolOptions(credential));
  // An idle connection that dies leaves the pool by itself; without a listener it would end n8n.
  pool.on('error', () => undefined);
  pool.on('remove', () => {
    if (pool.totalCount === 0 && pools.get(key) === pool) pools.delete(key);
  });
  pools.set(key, pool);
  return pool;
};

/** True for a connection that may be used again. */
export type Afterwards = 'reuse' | 'reset';

/**
 * Lends a connection to `work`. It goes back as it was; what may have left something in it (`reset`) has its session
 * discarded first, and one that broke or is still inside a transaction is closed.
 */
export const withClient = async <Answer>(
  credential: YugabyteDbCredential,
  afterwards: Afterwards,
  work: (client: pg.PoolClient) => Promise<Answer>,
): Promise<Answer> => {
  const client = await poolOf(credential).connect();
  let broken: Error | undefined;
  // A connection that dies while it is lent is nobody's but ours; its query fails anyway.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    broken = broken ?? (await clean(client, afterwards));
    client.off('error', onError);
    client.release(broken);
  }
};

const clean = async (client: pg.PoolClient, afterwards: Afterwards): Promise<Error | undefined> => {
  if (client.getTransactionStatus() !== 'I') return new Error('The connection was left inside a statement.');
  if (afterwards === 'reuse') return undefined;
  return client.query({ text: 'DISCARD ALL', query_timeout: 5_000 } as pg.QueryConfig).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
};
