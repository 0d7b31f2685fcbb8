import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../../microservices/chassis/database/index.ts';
import { readCqlAddress } from '../../../microservices/ports/key-value/cql/address.ts';
import { cqlKeyValue, openCqlCluster, prepareKeyspace } from '../../../microservices/ports/key-value/cql.ts';
import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';
import { openSqlKeyValue } from '../../../microservices/ports/key-value/sql.ts';
import { cql } from '../../engines/cql/index.ts';
import { startPostgres } from '../../local/postgres.ts';
import { silentProgress } from '../../process/progress.ts';

export interface BenchStore {
  title: string;
  store: KeyValue;
  /** Of the engine's process, under or at which all it does is done; 0 where it runs elsewhere. */
  pid: number;
  stop(): Promise<void>;
}

/** A folder that an unprivileged server may enter, and how to remove it. */
const folderFor = async (what: string): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), `fusioncommerce-bench-${what}-`));
  await chmod(folder, 0o755);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
};

/** The SQL adapter on the embedded PostgreSQL, durable as `npm start` has it. */
export const startSqlStore = async (connections: number): Promise<BenchStore> => {
  const { folder, remove } = await folderFor('sql');
  const directory = join(folder, 'postgres');
  const postgres = await startPostgres({ directory, password: randomBytes(12).toString('hex') });
  const database = openDatabase({ url: postgres.url, schema: 'bench', max: connections });
  // A folder without migrations of its own: the chassis' tables are all there is.
  await database.migrate(new URL('./', import.meta.url));
  const [pid] = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
  return {
    title: 'SQL (PostgreSQL 15)',
    store: openSqlKeyValue(database),
    pid: Number(pid),
    stop: async () => {
      await database.close();
      await postgres.stop();
      await remove();
    },
  };
};

/** The CQL adapter on the cluster that BENCH_CQL names, or on a Cassandra of this run. */
export const startCqlStore = async (): Promise<BenchStore> => {
  const given = process.env['BENCH_CQL'] ? readCqlAddress(process.env['BENCH_CQL']) : undefined;
  if (process.env['BENCH_CQL'] && !given)
    throw new Error(`BENCH_CQL holds "${process.env['BENCH_CQL']}"; it should be like user:password@scylla-1:9042.`);
  const engine = given ? undefined : await startCassandra();
  const cluster = await openCqlCluster(
    given ?? { contactPoints: [engine?.url ?? ''], credentials: engine?.credentials },
  );
  const keyspace = `bench_${randomBytes(6).toString('hex')}`;
  await prepareKeyspace(cluster, { keyspace });
  return {
    title: given ? `CQL (${given.contactPoints.join(', ')})` : `CQL (${cql.title})`,
    store: cqlKeyValue(cluster, keyspace),
    pid: engine?.pid ?? 0,
    stop: async () => {
      await cluster.client.execute(`DROP KEYSPACE ${keyspace}`, [], { prepare: false, readTimeout: 30_000 });
      await cluster.close();
      await engine?.stop();
    },
  };
};

const startCassandra = async () => {
  const { folder, remove } = await folderFor('cql');
  const running = await cql.start({ folder, progress: silentProgress });
  return { ...running, stop: () => running.stop().then(remove) };
};
