import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { auth, Client } from 'cassandra-driver';
import { silentProgress } from '../../process/progress.ts';
import type { RunningEngine } from '../engine.ts';
import { cql } from './index.ts';

jest.setTimeout(600_000);

let folder: string;
let running: RunningEngine;
const start = (): Promise<RunningEngine> => cql.start({ folder: join(folder, 'cql'), progress: silentProgress });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-cql-'));
  running = await start();
});
afterEach(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

const rows = async (query: string, password = running.credentials?.password ?? ''): Promise<object[]> => {
  const client = new Client({
    contactPoints: [running.url],
    localDataCenter: 'datacenter1',
    authProvider: new auth.PlainTextAuthProvider(running.credentials?.username ?? '', password),
    socketOptions: { readTimeout: 60_000 },
  });
  try {
    const { rows: found } = await client.execute(query);
    // Statements that answer nothing have none.
    return (found ?? []).map((row) => ({ ...row }));
  } finally {
    await client.shutdown();
  }
};

test('what was written is there after a stop and after a kill; who has the wrong password is not let in', async () => {
  await rows(`CREATE KEYSPACE shop WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}`);
  await rows('CREATE TABLE shop.note (id int PRIMARY KEY, text text)');
  await rows(`INSERT INTO shop.note (id, text) VALUES (1, 'first')`);
  await running.stop();
  running = await start();
  await rows(`INSERT INTO shop.note (id, text) VALUES (2, 'second')`);
  await running.kill();
  running = await start();
  expect(await rows('SELECT id, text FROM shop.note')).toEqual(
    expect.arrayContaining([
      { id: 1, text: 'first' },
      { id: 2, text: 'second' },
    ]),
  );
  // The driver's errors are not instances of this realm's Error.
  const refusal = await rows('SELECT id FROM shop.note', 'wrong').catch((error: unknown) => error);
  expect(refusal).toEqual(
    expect.objectContaining({
      message: expect.stringMatching(/username|password|authentic|credentials/i),
    }),
  );
});
