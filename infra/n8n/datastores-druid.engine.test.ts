import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { druid } from '../engines/druid/index.ts';
import { eventSupervisor } from '../engines/druid/testing.ts';
import type { RunningEngine } from '../engines/engine.ts';
import { kafka } from '../engines/kafka/index.ts';
import { silentProgress } from '../process/progress.ts';
import { PACKAGE, startLoneN8n, type CredentialReference, type LoneN8n } from './testing-alone.ts';

const until = untilWithin(240_000);

/** The Druid node as analysts have it: installed in a real n8n, on a real Druid that reads a real Kafka. */
const TOPIC = 'commerce.sales';
const EVIL = `it's "x"; DROP TABLE sales; -- ?`;
let folder: string;
let broker: RunningEngine;
let cluster: RunningEngine;
let n8n: LoneN8n;
let credentials: CredentialReference;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-n8n-druid-'));
  broker = await kafka.start({ folder: join(folder, 'kafka'), progress: silentProgress });
  cluster = await druid.start({ folder: join(folder, 'druid'), progress: silentProgress });
  n8n = await startLoneN8n();
  credentials = await n8n.makeCredential('druidApi', credential());
  await publishSales();
}, 600_000);
afterAll(async () => {
  await n8n?.stop();
  await cluster?.stop();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

const credential = (changed: Record<string, unknown> = {}) => ({
  baseUrl: cluster.url,
  authentication: 'none',
  ...changed,
});

const publishSales = async (): Promise<void> => {
  const client = createKafka({ brokers: [broker.url], clientId: 'test', log: silentLog });
  await ensureTopics(client, [{ topic: TOPIC, partitions: 1, replicationFactor: 1, retentionMs: -1 }]);
  const producer = createProducer(client);
  await producer.connect();
  const messages = [EVIL, 'mug', 'mug'].map((sku, index) => ({
    headers: { ce_time: `2026-01-0${index + 1}T10:00:00Z` },
    value: JSON.stringify({ sku, cents: (index + 1) * 100 }),
  }));
  await producer.send({ topic: TOPIC, messages });
  await producer.disconnect();
};

const node = (name: string, place: string, parameters: Record<string, unknown> = {}, onError?: string) => {
  const [resource, operation] = place.split('.');
  return {
    name,
    type: `${PACKAGE}.druid`,
    parameters: { resource, operation, ...parameters },
    credentials,
    ...(onError && { onError }),
  };
};
const named = (value: string) => ({ __rl: true, mode: 'id', value });

test('a workflow submits a supervisor, and the next node tells how it does', async () => {
  const { run } = await n8n.publish([
    node('Submit', 'supervisor.submit', { specification: '={{ $json.body.specification }}' }),
    node('Status', 'supervisor.get', { supervisorId: named('={{ $json.id }}') }),
  ]);
  const specification = eventSupervisor('sales', TOPIC, broker.url);
  expect(await run({ specification })).toMatchObject([{ id: 'sales', payload: { dataSource: 'sales' } }]);
}, 120_000);

test('what Kafka has can be asked for, with values that never become SQL', async () => {
  const totals = await n8n.publish([
    node('Total', 'query.execute', {
      query: 'SELECT sku, SUM(cents) AS cents FROM sales WHERE sku = ? AND __time >= ? GROUP BY 1',
      parameters: {
        parameter: [
          { type: 'VARCHAR', value: '={{ $json.body.sku }}' },
          { type: 'TIMESTAMP', value: '={{ $json.body.since }}' },
        ],
      },
    }),
  ]);
  const since = '2026-01-01T00:00:00Z';
  // Before its first rows the data source has no name.
  const totalOf = (sku: string) => totals.run({ sku, since }).catch(() => undefined);
  await until(async () => JSON.stringify(await totalOf('mug')) === '[{"sku":"mug","cents":500}]');
  expect(await totalOf(EVIL)).toEqual([{ sku: EVIL, cents: 100 }]);
  expect(await totals.run({ sku: 'mug', since: '2026-01-03T00:00:00Z' })).toEqual([{ sku: 'mug', cents: 300 }]);
}, 240_000);

test('the pickers of the form ask Druid through n8n', async () => {
  const form = { node: 'druid', credentials };
  expect(await n8n.search('searchSupervisors', { ...form, filter: 'sal' })).toEqual([
    { name: 'sales', value: 'sales' },
  ]);
  expect(await n8n.search('searchDataSources', form)).toContainEqual({ name: 'sales', value: 'sales' });
});

test('a supervisor is suspended, resumed and terminated, by items and in one row', async () => {
  const supervisorId = named('={{ $json.id ?? $json.body.id }}');
  const list = await n8n.publish([node('List', 'supervisor.getMany')]);
  const order = async (operation: string) =>
    (await n8n.publish([node('Order', `supervisor.${operation}`, { supervisorId })])).run({ id: 'sales' });
  expect(await order('suspend')).toMatchObject([{ suspended: true }]);
  expect(await list.run()).toMatchObject([{ id: 'sales', suspended: true }]);
  expect(await order('resume')).toMatchObject([{ suspended: false }]);
  expect(await list.run()).toMatchObject([{ id: 'sales', suspended: false }]);
  expect(await order('terminate')).toEqual([{ id: 'sales' }]);
}, 120_000);

test('a failure goes to the error output with its code', async () => {
  const { run } = await n8n.publish([
    node('Ask', 'query.execute', { query: 'SELECT * FROM nowhere' }, 'continueErrorOutput'),
    { name: 'Failed', type: 'n8n-nodes-base.noOp', parameters: {} },
  ]);
  expect(await run()).toMatchObject([{ error: { code: 'INVALID_INPUT' } }]);
});

test('"Test" in the credential’s form asks Druid', async () => {
  expect(await n8n.testCredential('druidApi', credential())).toMatchObject({ status: 'OK' });
  expect(await n8n.testCredential('druidApi', credential({ baseUrl: broker.url }))).toMatchObject({
    status: 'Error',
  });
});
