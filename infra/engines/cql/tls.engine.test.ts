import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { openCqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import { CqlStartError } from '../../../microservices/ports/key-value/cql/failures.ts';
import { openCqlKeyValue } from '../../../microservices/ports/key-value/testing/cql.ts';
import { readCqlConnection, type CqlConnection } from '../../platform/key-value.ts';
import { readOptions } from '../../platform/options.ts';
import { silentProgress } from '../../process/progress.ts';
import {
  scyllaDbNode,
  start,
  startScyllaDbBench,
  type ScyllaDbBench,
} from '../../../nodes/ScyllaDb/testing/scylladb.ts';
import { makeCertificates, type Certificates } from '../../test/certificates.ts';
import type { RunningEngine } from '../engine.ts';
import { cql } from './index.ts';
import { CASSANDRA_PATIENCE_MS } from './testing.ts';

let folder: string;
let certificates: Certificates;
let running: RunningEngine;
/** By name: the certificate is made out to no address, as most are, and the client connects to addresses. */
let byName: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cql-tls-'));
  certificates = await makeCertificates(join(folder, 'certificates'), 'DNS:localhost');
  running = await cql.start({ folder: join(folder, 'cql'), tls: certificates.server, progress: silentProgress });
  byName = running.url.replace('127.0.0.1', 'localhost');
}, CASSANDRA_PATIENCE_MS);
afterAll(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('key-value state', () => {
  /** As npm start reads it. */
  const connection = async (flags: string[], authority?: string, at = byName): Promise<CqlConnection> => {
    const { username = '', password = '' } = running.credentials ?? {};
    const environment = { CQL_PASSWORD: password, ...(authority === undefined ? {} : { CQL_TLS_CA: authority }) };
    const options = readOptions(['--cql', at, '--cql-username', username, ...flags], environment);
    const read = options === 'help' ? undefined : await readCqlConnection(options, environment);
    if (!read) throw new Error('these options name a cluster');
    return read;
  };

  test('is kept over TLS', async () => {
    const cluster = await openCqlCluster(await connection(['--cql-tls'], certificates.trusted.file));
    try {
      const store = await openCqlKeyValue(cluster, { keyspace: 'over_tls' });
      await store.put('carts', 'one', { lines: 2 });
      expect(await store.get('carts', 'one')).toMatchObject({ value: { lines: 2 } });
    } finally {
      await cluster.close();
    }
  }, 60_000);

  const refusalOf = async (given: CqlConnection): Promise<string> => {
    const refusal: unknown = await openCqlCluster(given).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CqlStartError);
    return (refusal as Error).message;
  };

  const untrusted = /shows a certificate that is not trusted \(.*\)\. Name the file .* in the variable CQL_TLS_CA/;
  test.each<[string, string[], (() => string) | undefined, RegExp]>([
    ['an authority that did not sign', ['--cql-tls'], () => certificates.stranger.file, untrusted],
    ['no authority of one’s own', ['--cql-tls'], undefined, untrusted],
    ['no TLS', [], undefined, /^No CQL node answered at localhost:\d+ \(.+\)\. .* whether it speaks TLS/],
  ])(
    'with %s is refused in words',
    async (_what, flags, authority, words) => {
      expect(await refusalOf(await connection(flags, authority?.()))).toMatch(words);
    },
    60_000,
  );

  test('is refused in words where the certificate is made out to somebody else', async () => {
    expect(await refusalOf(await connection(['--cql-tls'], certificates.trusted.file, running.url))).toMatch(
      /shows a certificate that is not trusted \(.*altnames.*\)\. .* made out to its address or to the host name/,
    );
  });
});

describe('the ScyllaDB node', () => {
  let bench: ScyllaDbBench;
  beforeAll(async () => {
    const credential = {
      contactPoints: byName,
      localDataCenter: 'datacenter1',
      ...running.credentials,
      ssl: true,
      ca: certificates.trusted.certificate,
    };
    const store = { credential, stop: async () => undefined };
    bench = await startScyllaDbBench(['CREATE TABLE sessions (id text PRIMARY KEY, note text)'], store);
  }, 120_000);
  afterAll(() => bench?.stop(), 60_000);

  const tested = (changed: IDataObject = {}) => {
    const { scyllaDbTest } = bench.built.node('n8n-nodes-fusioncommerce.scyllaDb').methods?.credentialTest ?? {};
    return scyllaDbTest?.call({} as never, { data: { ...bench.store.credential, ...changed } } as never);
  };

  test('writes and reads over TLS, and its credential is tested for real', async () => {
    await bench.put('sessions', { id: 'a', note: 'over TLS' });
    expect(await bench.get('sessions', { id: 'a' })).toEqual([{ id: 'a', note: 'over TLS' }]);
    expect(await tested()).toMatchObject({ status: 'OK' });
  });

  const noTls = /encrypted connection to ScyllaDB at [a-z0-9.]+:\d+ could not be made \(.*certificate/;
  test.each<[string, () => IDataObject, string, RegExp]>([
    ['an authority that did not sign', () => ({ ca: certificates.stranger.certificate }), 'TLS_FAILED', noTls],
    ['no authority of one’s own', () => ({ ca: '' }), 'TLS_FAILED', noTls],
    ['another name than the certificate’s', () => ({ contactPoints: running.url }), 'TLS_FAILED', noTls],
    ['no TLS', () => ({ ssl: false }), 'UNREACHABLE', /cannot be reached at localhost:\d+ \(.+\)/],
  ])(
    'with %s the test and the node are refused in words',
    async (_what, changed, code, words) => {
      expect(await tested(changed())).toEqual({ status: 'Error', message: expect.stringMatching(words) as string });
      const get = scyllaDbNode('query.execute', { query: 'SELECT id FROM sessions' });
      const refused = bench.canvas(changed()).run([start, get]);
      await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(words) as string });
    },
    60_000,
  );
});
