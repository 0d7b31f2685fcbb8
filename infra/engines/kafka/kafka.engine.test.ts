import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createKafka, createProducer } from '../../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../../microservices/chassis/kafka/topics.ts';
import { silentLog } from '../../../microservices/chassis/testing/log.ts';
import { silentProgress } from '../../process/progress.ts';
import { readTopic } from '../../test/kafka.ts';
import type { RunningEngine } from '../engine.ts';
import { kafka } from './index.ts';

jest.setTimeout(300_000);

let folder: string;
let running: RunningEngine;
const start = (port?: number, at = 'kafka'): Promise<RunningEngine> =>
  kafka.start({ folder: join(folder, at), progress: silentProgress, ...(port ? { port } : {}) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-kafka-'));
  running = await start();
});
afterEach(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

const client = () => createKafka({ brokers: [running.url], clientId: 'test', log: silentLog });
const publish = async (...texts: string[]): Promise<void> => {
  const producer = createProducer(client());
  await producer.connect();
  await producer.send({ topic: 'notes', acks: -1, messages: texts.map((value) => ({ key: 'one', value })) });
  await producer.disconnect();
};
const read = async (): Promise<(string | undefined)[]> =>
  (await readTopic(client(), 'notes')).map(({ value }) => value?.toString());

test('what was published is there after a clean stop on another port, and after a kill on the same one', async () => {
  await ensureTopics(client(), [{ topic: 'notes', partitions: 1, replicationFactor: 1, retentionMs: -1 }]);
  await publish('first', 'second');
  await running.stop();
  running = await start();
  await publish('third');
  expect(await read()).toEqual(['first', 'second', 'third']);

  const before = running.url;
  await running.kill();
  running = await start(Number(before.split(':')[1]));
  expect(running.url).toBe(before);
  await publish('fourth');
  expect(await read()).toEqual(['first', 'second', 'third', 'fourth']);
});

test('topics are not made by whoever writes to a name', async () => {
  await expect(publish('lost')).rejects.toThrow(/topic/i);
  const admin = client().admin();
  await admin.connect();
  expect(await admin.listTopics()).toEqual([]);
  await admin.disconnect();
});

test('a second one on a port that is taken says so', async () => {
  const port = Number(running.url.split(':')[1]);
  await expect(start(port, 'other')).rejects.toThrow(
    `Apache Kafka cannot listen on port ${port} of 127.0.0.1: another program does.`,
  );
});

test('a second one on the same folder says so', async () => {
  await expect(start()).rejects.toThrow(
    `Apache Kafka already runs on ${join(folder, 'kafka')} (process ${running.pid}).`,
  );
});

test('a start that fails shows the end of the log', async () => {
  await mkdir(join(folder, 'broken', 'data'), { recursive: true });
  await writeFile(join(folder, 'broken', 'data', 'meta.properties'), 'version=1\n');
  await expect(start(undefined, 'broken')).rejects.toThrow(
    /Apache Kafka ended at its start \(exit code 1\).*server\.log:\n.*(cluster|node)\.id/is,
  );
});
