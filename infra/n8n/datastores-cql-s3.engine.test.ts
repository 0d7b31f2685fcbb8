import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { versitygw } from '../engines/s3/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { startCqlStore, startS3Store, type Store } from '../n8n-package/testing/stores.ts';
import { PACKAGE, startLoneN8n, type CredentialReference, type LoneN8n } from './testing-alone.ts';

/**
 * The ScyllaDB and MinIO nodes as analysts have them: installed in a real n8n, on a real Cassandra and a real S3
 * server.
 */
const [s3Server = versitygw] = testedServers;
let n8n: LoneN8n;
let cql: Store;
let s3: Store;
let credentials: Record<'scyllaDb' | 'minIo', CredentialReference>;
const keyspace = `n8n_${randomUUID().replaceAll('-', '')}`;
const bucket = `n8n-${randomUUID()}`;

beforeAll(async () => {
  [cql, s3] = await Promise.all([startCqlStore(), startS3Store(s3Server)]);
  n8n = await startLoneN8n();
  credentials = {
    scyllaDb: await n8n.makeCredential('scyllaDb', { ...cql.credential, keyspace: '' }),
    minIo: await n8n.makeCredential('minIo', s3.credential),
  };
  for (const query of DEFINITIONS)
    await (await n8n.publish([scylla('Define', { resource: 'query', operation: 'execute', query })])).run();
}, 600_000);
afterAll(async () => {
  await n8n?.stop();
  await cql?.stop();
  await s3?.stop();
}, 120_000);

const DEFINITIONS = [
  `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  `CREATE TABLE ${keyspace}.sessions (id text PRIMARY KEY, cart text, visits int, seen timestamp, tags set<text>)`,
  `CREATE TABLE ${keyspace}.views (page text PRIMARY KEY, seen counter)`,
];

const scylla = (name: string, parameters: Record<string, unknown>, onError?: string) => ({
  name,
  type: `${PACKAGE}.scyllaDb`,
  parameters,
  credentials: credentials.scyllaDb,
  ...(onError && { onError }),
});
const minio = (name: string, parameters: Record<string, unknown>) => ({
  name,
  type: `${PACKAGE}.minIo`,
  parameters: { bucket: { __rl: true, mode: 'list', value: bucket }, ...parameters },
  credentials: credentials.minIo,
});
interface RaceAnswer {
  applied?: boolean;
  error?: { code: string };
}

const on = (table: string) => ({
  keyspace: { __rl: true, mode: 'list', value: keyspace },
  table: { __rl: true, mode: 'list', value: table },
});
const mapped = (value: Record<string, unknown>) => ({
  mappingMode: 'defineBelow',
  value,
  schema: [],
  matchingColumns: [],
});

test('a workflow puts a session for a while and reads it back, quotes and CQL in it included', async () => {
  const { run } = await n8n.publish([
    scylla('Put', {
      resource: 'row',
      operation: 'put',
      ...on('sessions'),
      columns: mapped({
        id: '={{ $json.body.id }}',
        cart: '={{ $json.body.cart }}',
        visits: '={{ $json.body.visits }}',
        seen: '2026-07-01T10:00:00',
        tags: '={{ ["a", $json.body.id] }}',
      }),
      options: { ttl: 600 },
    }),
    scylla('Get', { resource: 'row', operation: 'get', ...on('sessions'), key: mapped({ id: '={{ $json.id }}' }) }),
  ]);
  const evil = `'; DROP TABLE ${keyspace}.sessions; --`;
  const [row] = (await run({ id: evil, cart: '{{ "x" }}', visits: 3 })) as Record<string, unknown>[];
  expect(row).toEqual({
    id: evil,
    cart: '{{ "x" }}',
    visits: 3,
    seen: '2026-07-01T10:00:00.000Z',
    tags: [evil, 'a'].toSorted(),
  });
});

test('of twenty executions that compare and set at once exactly one wins', async () => {
  const { run } = await n8n.publish([
    scylla(
      'Set',
      {
        resource: 'row',
        operation: 'compareAndSet',
        when: 'columns',
        ...on('sessions'),
        conditions: { condition: [{ column: 'visits', operator: 'equal', value: '={{ $json.body.expected }}' }] },
        columns: mapped({ id: 'race', visits: '={{ $json.body.visits }}' }),
      },
      'continueRegularOutput',
    ),
  ]);
  const first = await n8n.publish([
    scylla('Set', {
      resource: 'row',
      operation: 'compareAndSet',
      when: 'absent',
      ...on('sessions'),
      columns: mapped({ id: 'race', visits: 0 }),
    }),
  ]);
  expect(await first.run()).toEqual([{ applied: true, current: { id: 'race', visits: 0 } }]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const visits = index + 1;
      const [answer] = (await run({ expected: 0, visits })) as RaceAnswer[];
      return { ...answer, visits };
    }),
  );
  const read = await n8n.publish([
    scylla('Get', {
      resource: 'row',
      operation: 'get',
      ...on('sessions'),
      key: mapped({ id: 'race' }),
      options: { consistency: 'localSerial' },
    }),
  ]);
  const [row] = (await read.run()) as { visits: number }[];
  // On a busy machine the cluster may give up before it knows: such an execution has won when its value is there.
  expect(
    answers
      .filter(({ applied, error }) => applied || error)
      .every((one) => one.applied || /^(OUTCOME_UNKNOWN|TIMEOUT)$/.test(one.error?.code ?? '')),
  ).toBe(true);
  expect(answers.filter(({ applied, visits }) => applied || visits === row?.visits)).toHaveLength(1);
});

test('counters count, and a query takes its parameters', async () => {
  const { run } = await n8n.publish([
    scylla('Count', {
      resource: 'counter',
      operation: 'increment',
      ...on('views'),
      key: mapped({ page: '={{ $json.body.page }}' }),
      counters: { counter: [{ column: 'seen', by: 1 }] },
    }),
    scylla('Query', {
      resource: 'query',
      operation: 'execute',
      query: `SELECT page, seen FROM ${keyspace}.views WHERE page = ?`,
      parameters: { parameter: [{ value: '={{ $json.page }}' }] },
    }),
  ]);
  await Promise.all(Array.from({ length: 10 }, async () => run({ page: "it's" })));
  expect(await run({ page: "it's" })).toEqual([{ page: "it's", seen: '11' }]);
});

test('a failure goes to the error output with its code', async () => {
  const { run } = await n8n.publish([
    scylla(
      'Get',
      { resource: 'row', operation: 'get', ...on('nowhere'), key: mapped({ id: 'x' }) },
      'continueErrorOutput',
    ),
    { name: 'Failed', type: 'n8n-nodes-base.noOp', parameters: {} },
  ]);
  expect(await run()).toMatchObject([{ error: { code: 'TABLE_NOT_FOUND' } }]);
});

test('a file goes through n8n into a bucket and back, and its presigned URL gives it to anybody', async () => {
  const { run } = await n8n.publish([minio('Create', { resource: 'bucket', operation: 'create', bucketName: bucket })]);
  expect(await run()).toEqual([{ bucket, created: true }]);
  const { url } = await n8n.publish(
    [
      minio('Upload', {
        resource: 'object',
        operation: 'upload',
        key: '=in/{{ $binary.file.fileName }}',
        content: 'file',
        binaryPropertyName: 'file',
      }),
      minio('Download', { resource: 'object', operation: 'download', key: '={{ $json.key }}' }),
    ],
    { responseData: 'firstEntryBinary', options: {} },
  );
  const content = randomBytes(24 * 1024 * 1024);
  const form = new FormData();
  form.set('file', new Blob([content], { type: 'application/x-noise' }), 'noise.bin');
  const back = await fetch(url, { method: 'POST', body: form });
  expect(back.status).toBe(200);
  expect(back.headers.get('content-type')).toBe('application/x-noise');
  expect(sha256(new Uint8Array(await back.arrayBuffer()))).toBe(sha256(content));
  const presign = await n8n.publish([
    minio('List', { resource: 'object', operation: 'getMany', prefix: 'in/' }),
    minio('Presign', { resource: 'object', operation: 'presign', key: '={{ $json.key }}', seconds: 60 }),
  ]);
  const [signed] = (await presign.run()) as { url: string }[];
  const fetched = await fetch(signed?.url ?? '');
  expect(sha256(new Uint8Array(await fetched.arrayBuffer()))).toBe(sha256(content));
}, 120_000);

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

test('"Test" in the credentials’ forms calls the engines', async () => {
  expect(await n8n.testCredential('scyllaDb', cql.credential)).toMatchObject({ status: 'OK' });
  expect(await n8n.testCredential('scyllaDb', { ...cql.credential, password: 'wrong' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('refused the user') as string,
  });
  expect(await n8n.testCredential('minIo', s3.credential)).toMatchObject({ status: 'OK' });
  expect(await n8n.testCredential('minIo', { ...s3.credential, secretKey: 'wrong' })).toMatchObject({
    status: 'Error',
    message: expect.stringContaining('secret key') as string,
  });
});

test('the pickers of the form ask the engines through n8n', async () => {
  const form = { node: 'scyllaDb', credentials: credentials.scyllaDb, parameters: on('sessions') };
  const keyspaces = await n8n.search('searchKeyspaces', form);
  expect(keyspaces.map(({ value }) => value)).toContain(keyspace);
  expect(await n8n.search('searchTables', { ...form, filter: 'sess' })).toEqual([
    { name: 'sessions', value: 'sessions' },
  ]);
  expect(await n8n.fields('rowColumns', form)).toMatchObject([
    { id: 'id', required: true },
    { id: 'cart' },
    { id: 'seen', type: 'dateTime' },
    { id: 'tags', type: 'array' },
    { id: 'visits' },
  ]);
  expect(await n8n.choices('counterColumns', { ...form, parameters: on('views') })).toMatchObject([{ value: 'seen' }]);
  const buckets = { node: 'minIo', credentials: credentials.minIo, filter: bucket.slice(0, 12) };
  expect(await n8n.search('searchBuckets', buckets)).toEqual([{ name: bucket, value: bucket }]);
});
