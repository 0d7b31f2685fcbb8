import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { druid } from '../../infra/engines/druid/index.ts';
import type { RunningEngine } from '../../infra/engines/engine.ts';
import { kafka } from '../../infra/engines/kafka/index.ts';
import { silentProgress } from '../../infra/process/progress.ts';
import { loadPackage, type TestedPackage } from '../../infra/n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode } from '../../infra/n8n-package/testing/canvas.ts';

const until = untilWithin(240_000);

const TYPE = 'n8n-nodes-fusioncommerce.druid';
const TOPIC = 'sales';
const LARGE = '9007199254740993';
let built: TestedPackage;
let folder: string;
let broker: RunningEngine;
let cluster: RunningEngine;

beforeAll(async () => {
  built = await loadPackage();
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-druid-'));
  // One after the other: what has started is ended in any case.
  broker = await kafka.start({ folder: join(folder, 'kafka'), progress: silentProgress });
  cluster = await druid.start({ folder: join(folder, 'druid'), progress: silentProgress });
}, 600_000);
afterAll(async () => {
  await Promise.all([cluster?.stop(), broker?.stop()]);
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const canvas = (baseUrl = cluster.url) =>
  createCanvas({ node: (type) => built.node(type), baseUrl, apiKey: '', timezone: 'Europe/Berlin' });
const node = (place: string, parameters: IDataObject = {}): CanvasNode => {
  const [resource = '', operation = ''] = place.split('.');
  return { name: 'Druid', type: TYPE, parameters: { resource, operation, ...parameters } };
};
const run = async (place: string, parameters?: IDataObject): Promise<IDataObject[]> =>
  (await canvas().run([node(place, parameters)])).map(({ json }) => json);
const refused = (place: string, parameters: IDataObject, baseUrl?: string): Promise<string> =>
  canvas(baseUrl)
    .run([node(place, parameters)])
    .then(
      () => 'it was not refused',
      (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
    );
const query = (text: string, ...values: [type: string, value: unknown][]): IDataObject => ({
  query: text,
  parameters: { parameter: values.map(([type, value]) => ({ type, value })) as IDataObject[] },
});
const named = (value: string): IDataObject => ({ __rl: true, mode: 'name', value });

const specification = () => ({
  type: 'kafka',
  spec: {
    dataSchema: {
      dataSource: 'sales',
      timestampSpec: { column: 'at', format: 'iso' },
      dimensionsSpec: { dimensions: ['sku', { type: 'long', name: 'cents' }] },
      granularitySpec: { segmentGranularity: 'day', queryGranularity: 'none', rollup: false },
    },
    ioConfig: {
      topic: TOPIC,
      inputFormat: { type: 'json' },
      consumerProperties: { 'bootstrap.servers': broker.url },
      useEarliestOffset: true,
      taskCount: 1,
      taskDuration: 'PT10M',
      startDelay: 'PT1S',
      period: 'PT2S',
    },
  },
});

const publishSales = async (): Promise<void> => {
  const client = createKafka({ brokers: [broker.url], clientId: 'test', log: silentLog });
  await ensureTopics(client, [{ topic: TOPIC, partitions: 1, replicationFactor: 1, retentionMs: -1 }]);
  const producer = createProducer(client);
  await producer.connect();
  const sale = (n: number) => `{"at":"2026-01-0${n}T10:00:00Z","sku":"it's ${n}","cents":${n === 3 ? LARGE : n}}`;
  await producer.send({ topic: TOPIC, messages: [1, 2, 3].map((n) => ({ value: sale(n) })) });
  await producer.disconnect();
};

test('parameters reach the query with their types, and never its text', async () => {
  const evil = `'; DROP TABLE x; -- " ?`;
  const [row] = await run(
    'query.execute',
    query(
      'SELECT CAST(? AS VARCHAR) AS v, CAST(? AS BIGINT) AS b, CAST(? AS DOUBLE) AS d, CAST(? AS TIMESTAMP) AS t',
      ['VARCHAR', evil],
      ['BIGINT', LARGE],
      ['DOUBLE', '0.5'],
      ['TIMESTAMP', '2026-07-01T12:00:00'],
    ),
  );
  expect(row).toEqual({ v: evil, b: LARGE, d: 0.5, t: '2026-07-01T10:00:00.000Z' });
});

test('a mistake, a data source that is not there and a server that is away are said in words', async () => {
  expect(await refused('query.execute', query('SELEKT 1'))).toContain('INVALID_INPUT: Druid refused it');
  expect(await refused('query.execute', query('SELECT * FROM nowhere'))).toContain('nowhere');
  expect(await refused('query.execute', query('SELECT ?', ['BIGINT', 'x']))).toContain('INVALID_VALUE');
  expect(await refused('supervisor.get', { supervisorId: named('nowhere') })).toContain('NOT_FOUND');
  expect(await refused('supervisor.submit', { specification: '{}' })).toContain('INVALID_SPECIFICATION');
  expect(await refused('query.execute', query('SELECT 1'), 'http://127.0.0.1:1')).toContain('UNREACHABLE');
});

test('a supervisor is submitted, reads from Kafka, is suspended, resumed and terminated', async () => {
  await publishSales();
  expect(await run('supervisor.submit', { specification: JSON.stringify(specification()) })).toEqual([{ id: 'sales' }]);
  expect((await canvas().list(node('supervisor.get'), 'searchSupervisors', 'sal')).results).toEqual([
    { name: 'sales', value: 'sales' },
  ]);
  const rows = () => run('dataSource.getRows', { dataSource: named('sales'), returnAll: true }).catch(() => []);
  while ((await rows()).length < 3) await sleep(500);

  expect(await rows()).toMatchObject([
    { sku: `it's 3`, cents: LARGE, __time: '2026-01-03T10:00:00.000Z' },
    { sku: `it's 2`, cents: 2 },
    { sku: `it's 1`, cents: 1 },
  ]);
  const between = { from: '2026-01-02T11:00:00', until: '2026-01-03T11:00:00' };
  expect(await run('dataSource.getRows', { dataSource: named('sales'), options: between })).toMatchObject([
    { cents: 2 },
  ]);
  expect(await run('dataSource.getRows', { dataSource: named('sales'), limit: 1 })).toHaveLength(1);
  expect((await canvas().list(node('dataSource.getRows'), 'searchDataSources')).results).toContainEqual({ name: 'sales', value: 'sales' }); // prettier-ignore
  expect(await run('dataSource.getMany')).toMatchObject([{ name: 'sales' }]);

  const supervisorId = named('sales');
  expect(await run('supervisor.get', { supervisorId })).toMatchObject([{ id: 'sales', payload: { dataSource: 'sales' } }]); // prettier-ignore
  const listed = () => run('supervisor.getMany');
  for (const suspended of [true, false]) {
    const place = suspended ? 'supervisor.suspend' : 'supervisor.resume';
    // The second time as after an answer that got lost.
    expect(await run(place, { supervisorId })).toMatchObject([{ suspended }]);
    expect(await run(place, { supervisorId })).toMatchObject([{ suspended }]);
    expect(await listed()).toMatchObject([{ id: 'sales', type: 'kafka', source: TOPIC, suspended }]);
    expect(await run('supervisor.getMany', { options: { includeSpecification: true } })).toMatchObject([
      { id: 'sales', suspended, spec: { type: 'kafka', suspended } },
    ]);
  }
  expect(await run('supervisor.terminate', { supervisorId })).toMatchObject([{ id: 'sales' }]);
  expect(await run('supervisor.terminate', { supervisorId })).toEqual([{ id: 'sales' }]);
  expect(await refused('supervisor.terminate', { supervisorId: named('nowhere') })).toContain('NOT_FOUND');
  await until(async () => (await run('supervisor.getMany')).length === 0);
}, 300_000);
