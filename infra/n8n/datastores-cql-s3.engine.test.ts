import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { versitygw } from '../engines/s3/index.ts';
import { testedServers } from '../engines/s3/testing.ts';
import { startCqlStore, startS3Store, type Store } from '../n8n-package/testing/stores.ts';
import { startLoneN8n, type LoneN8n } from './testing-alone.ts';

/** The ScyllaDB and MinIO nodes as analysts have them: installed in a real n8n, on a real Cassandra and a real S3 server. */
const [s3Server = versitygw] = testedServers;
let n8n: LoneN8n;
let cql: Store;
let s3: Store;
let credentials: Record<'scyllaDb' | 'minIo', { id: string; name: string }>;
const keyspace = `n8n_${randomUUID().replaceAll('-', '')}`;
const bucket = `n8n-${randomUUID()}`;

beforeAll(async () => {
  [cql, s3] = await Promise.all([startCqlStore(), startS3Store(s3Server)]);
  n8n = await startLoneN8n();
  credentials = {
    scyllaDb: await n8n.makeCredential('scyllaDb', { ...cql.credential, keyspace: '' }),
    minIo: await n8n.makeCredential('minIo', s3.credential),
  };
  for (const [index, query] of DEFINITIONS.entries())
    await call(
      await n8n.publish({
        name: `define-${index}`,
        nodes: [scylla('Define', { resource: 'query', operation: 'execute', query })],
      }),
      {},
    );
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
  type: 'n8n-nodes-fusioncommerce.scyllaDb',
  parameters,
  credentials: { scyllaDb: credentials.scyllaDb },
  ...(onError && { onError }),
});
const minio = (name: string, parameters: Record<string, unknown>) => ({
  name,
  type: 'n8n-nodes-fusioncommerce.minIo',
  parameters: { bucket: { __rl: true, mode: 'list', value: bucket }, ...parameters },
  credentials: { minIo: credentials.minIo },
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

const call = async (url: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
};

test('a workflow puts a session for a while and reads it back, quotes and CQL in it included', async () => {
  const url = await n8n.publish({
    name: 'session',
    nodes: [
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
    ],
  });
  const evil = `'; DROP TABLE ${keyspace}.sessions; --`;
  const [row] = (await call(url, { id: evil, cart: '{{ "x" }}', visits: 3 })) as Record<string, unknown>[];
  expect(row).toEqual({
    id: evil,
    cart: '{{ "x" }}',
    visits: 3,
    seen: '2026-07-01T10:00:00.000Z',
    tags: [evil, 'a'].toSorted(),
  });
});

test('of twenty executions that compare and set at once exactly one wins', async () => {
  const url = await n8n.publish({
    name: 'race',
    nodes: [
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
    ],
  });
  const first = await n8n.publish({
    name: 'race-first',
    nodes: [
      scylla('Set', {
        resource: 'row',
        operation: 'compareAndSet',
        when: 'absent',
        ...on('sessions'),
        columns: mapped({ id: 'race', visits: 0 }),
      }),
    ],
  });
  expect(await call(first, {})).toEqual([{ applied: true, current: { id: 'race', visits: 0 } }]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const visits = index + 1;
      const [answer] = (await call(url, { expected: 0, visits })) as RaceAnswer[];
      return { ...answer, visits };
    }),
  );
  const read = await n8n.publish({
    name: 'race-read',
    nodes: [
      scylla('Get', {
        resource: 'row',
        operation: 'get',
        ...on('sessions'),
        key: mapped({ id: 'race' }),
        options: { consistency: 'localSerial' },
      }),
    ],
  });
  const [row] = (await call(read, {})) as { visits: number }[];
  // On a busy machine the cluster may give up before it knows: such an execution has won when its value is there.
  expect(
    answers
      .filter(({ applied, error }) => applied || error)
      .every((one) => one.applied || /^(OUTCOME_UNKNOWN|TIMEOUT)$/.test(one.error?.code ?? '')),
  ).toBe(true);
  expect(answers.filter(({ applied, visits }) => applied || visits === row?.visits)).toHaveLength(1);
});

test('counters count, and a query takes its parameters', async () => {
  const url = await n8n.publish({
    name: 'views',
    nodes: [
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
    ],
  });
  await Promise.all(Array.from({ length: 10 }, async () => call(url, { page: "it's" })));
  expect(await call(url, { page: "it's" })).toEqual([{ page: "it's", seen: '11' }]);
});

test('a failure goes to the error output with its code', async () => {
  const url = await n8n.publish({
    name: 'missing',
    nodes: [
      scylla(
        'Get',
        { resource: 'row', operation: 'get', ...on('nowhere'), key: mapped({ id: 'x' }) },
        'continueErrorOutput',
      ),
      { name: 'Failed', type: 'n8n-nodes-base.noOp', parameters: {} },
    ],
  });
  expect(await call(url, {})).toMatchObject([{ error: { code: 'TABLE_NOT_FOUND' } }]);
});

test('a file goes through n8n into a bucket and back, and its presigned URL gives it to anybody', async () => {
  const make = await n8n.publish({
    name: 'bucket',
    nodes: [minio('Create', { resource: 'bucket', operation: 'create', bucketName: bucket })],
  });
  expect(await call(make, {})).toEqual([{ bucket, created: true }]);
  const url = await n8n.publish({
    name: 'file',
    webhook: { responseData: 'firstEntryBinary', options: {} },
    nodes: [
      minio('Upload', {
        resource: 'object',
        operation: 'upload',
        key: '=in/{{ $binary.file.fileName }}',
        content: 'file',
        binaryPropertyName: 'file',
      }),
      minio('Download', { resource: 'object', operation: 'download', key: '={{ $json.key }}' }),
    ],
  });
  const content = randomBytes(24 * 1024 * 1024);
  const form = new FormData();
  form.set('file', new Blob([content], { type: 'application/x-noise' }), 'noise.bin');
  const back = await fetch(url, { method: 'POST', body: form });
  expect(back.status).toBe(200);
  expect(back.headers.get('content-type')).toBe('application/x-noise');
  expect(sha256(new Uint8Array(await back.arrayBuffer()))).toBe(sha256(content));
  const presign = await n8n.publish({
    name: 'presign',
    nodes: [
      minio('List', { resource: 'object', operation: 'getMany', prefix: 'in/' }),
      minio('Presign', { resource: 'object', operation: 'presign', key: '={{ $json.key }}', seconds: 60 }),
    ],
  });
  const [signed] = (await call(presign, {})) as { url: string }[];
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
  const ask = (kind: string, type: 'scyllaDb' | 'minIo', methodName: string, more: Record<string, unknown> = {}) =>
    n8n.editor.post(`/dynamic-node-parameters/${kind}`, {
      path: 'parameters.x',
      methodName,
      nodeTypeAndVersion: { name: `n8n-nodes-fusioncommerce.${type}`, version: 1 },
      credentials: { [type]: credentials[type] },
      currentNodeParameters: on('sessions'),
      ...more,
    });
  const { results } = (await ask('resource-locator-results', 'scyllaDb', 'searchKeyspaces')) as {
    results: { value: string }[];
  };
  expect(results.map(({ value }) => value)).toContain(keyspace);
  expect(await ask('resource-locator-results', 'scyllaDb', 'searchTables', { filter: 'sess' })).toEqual({
    results: [{ name: 'sessions', value: 'sessions' }],
  });
  expect(await ask('resource-mapper-fields', 'scyllaDb', 'rowColumns')).toMatchObject({
    fields: [
      { id: 'id', required: true },
      { id: 'cart' },
      { id: 'seen', type: 'dateTime' },
      { id: 'tags', type: 'array' },
      { id: 'visits' },
    ],
  });
  expect(await ask('options', 'scyllaDb', 'counterColumns', { currentNodeParameters: on('views') })).toMatchObject([
    { value: 'seen' },
  ]);
  expect(await ask('resource-locator-results', 'minIo', 'searchBuckets', { filter: bucket.slice(0, 12) })).toEqual({
    results: [{ name: bucket, value: bucket }],
  });
});
