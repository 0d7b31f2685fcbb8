import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../chassis/client.ts';
import type { ServiceDefinition } from '../chassis/service.ts';
import { createAccess } from '../../infra/platform/access.ts';
import { startPlatform, type RunningPlatform } from '../../infra/platform/start-platform.ts';
import { silentProgress } from '../../infra/process/progress.ts';
import { startTestBroker, type TestBroker } from '../../infra/test/broker.ts';
import { freshDatabase } from '../../infra/test/platform.ts';
import { eventsContract } from './contract.ts';
import { events } from './index.ts';
import { environment, numbers, openBench, range, until } from './testing.ts';

const access = createAccess();
let folder: string;
let databaseUrl: string;
let broker: TestBroker;
const running: RunningPlatform[] = [];

const startProcess = async (): Promise<RunningPlatform> => {
  const platform = await startPlatform({
    // Definitions are invariant in their contract.
    services: [events as unknown as ServiceDefinition],
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    kafka: [broker.address],
    dataFolder: folder,
    access,
    logLevel: 'fatal',
    progress: silentProgress,
    environment,
  });
  running.push(platform);
  return platform;
};
const client = () => createClient(eventsContract, { url: running.at(-1)?.url ?? '', credential: access.adminKey });
const { clear, publish, receiverHere, subscribe } = openBench(client);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-processes-'));
  databaseUrl = await freshDatabase();
  broker = await startTestBroker(folder);
});
afterEach(async () => {
  await clear();
  for (const platform of running.splice(0)) await platform.stop();
  await broker.down();
  await rm(folder, { recursive: true, force: true });
});

/** Takes a process away; the client then asks the last that is left. */
const stopProcess = async (platform: RunningPlatform): Promise<void> => {
  running.splice(running.indexOf(platform), 1);
  await platform.stop();
};

describe('processes that come and go', () => {
  test('one that stops with deliveries in flight loses none: the next delivers them', async () => {
    const first = await startProcess();
    const receiver = await receiverHere();
    let answering = false;
    receiver.respond = async (_delivered, response) => {
      while (!answering && !response.destroyed) await sleep(10);
      response.writeHead(200).end();
    };
    await subscribe(receiver, 'custom.stopped', { maxInFlight: 4 });
    await publish('custom.stopped', 20, 5);
    await until('four are in flight', () => receiver.open === 4);
    await stopProcess(first);
    receiver.deliveries.length = 0;
    answering = true;
    await startProcess();
    await until('all come', () => new Set(numbers(receiver.deliveries)).size === 20);
    expect(numbers(receiver.deliveries).toSorted((left, right) => left - right)).toEqual(range(20));
  });

  test('two share a subscription; one leaves, one comes, and every event arrives in order per subject', async () => {
    const first = await startProcess();
    const receiver = await receiverHere();
    receiver.respond = async (_delivered, response) => {
      await sleep(5);
      response.writeHead(204).end();
    };
    await subscribe(receiver, 'custom.shared', { maxInFlight: 10 });
    await startProcess();
    await publish('custom.shared', 60, 12);
    await until('some came', () => receiver.deliveries.length > 20);
    await stopProcess(first);
    await publish('custom.shared', 60, 12, 60);
    await until('all come', () => new Set(numbers(receiver.deliveries)).size === 120);
    const firstTimes = [...new Set(numbers(receiver.deliveries))];
    for (const subject of range(12)) {
      const own = firstTimes.filter((n) => n % 12 === subject);
      expect(own).toEqual(range(10).map((index) => subject + 12 * index));
    }
  }, 120_000);
});
