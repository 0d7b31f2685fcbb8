import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startBroker } from './index.ts';
import { runCommand, startProcess } from './testing/broker-process.ts';
import { buildBatch, readRecords } from './testing/build-batch.ts';
import { temporaryFolder } from './testing/temporary-broker.ts';
import { connectWire } from './testing/wire-client.ts';
import { commitOffset, createTopic, fetchBatches, fetchOffset, produceBatch } from './testing/wire-requests.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await temporaryFolder();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the command', () => {
  test('says where it listens, and SIGTERM ends it in order with everything kept', async () => {
    const first = await startProcess(dataDir);
    const client = await connectWire(first.address);
    expect(await createTopic(client, 'orders', 1)).toBe(0);
    await produceBatch(client, 'orders', 0, buildBatch([{ value: 'kept', timestamp: Date.now() }]));
    expect(await first.end('SIGTERM')).toBe(0);
    const second = await startProcess(dataDir);
    const again = await connectWire(second.address);
    expect(readRecords((await fetchBatches(again, 'orders', 0, 0)).records)).toEqual([{ offset: 0, value: 'kept' }]);
    expect(await second.end('SIGINT')).toBe(0);
  });

  test('--help lists the options', async () => {
    const { code, output } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const option of ['--data', '--port', '--host', '--advertised', '--fsync', '--auto-create'])
      expect(output).toContain(option);
  });

  test.each([
    { name: 'no folder', args: [], says: '--data is missing' },
    { name: 'a port that is none', args: ['--data', 'x', '--port', '99999'], says: '--port is "99999"' },
    { name: 'an unknown option', args: ['--colour'], says: "'--colour'" },
  ])('ends with a message for $name', async ({ args, says }) => {
    const { code, errors } = await runCommand(args);
    expect(code).toBe(1);
    expect(errors).toContain(says);
    expect(errors).not.toContain('    at ');
  });
});

test('a broker that waits for the disk acknowledges, rolls segments and restarts like any other', async () => {
  let broker = await startBroker({ dataDir, flush: 'fsync' });
  const client = await connectWire(broker);
  expect(await createTopic(client, 'orders', 1, { 'segment.bytes': '2048', 'retention.ms': '-1' })).toBe(0);
  const values = Array.from({ length: 10 }, (_, index) => `${index} ${'x'.repeat(500)}`);
  for (const value of values)
    expect((await produceBatch(client, 'orders', 0, buildBatch([{ value }]))).errorCode).toBe(0);
  expect(await commitOffset(client, { groupId: 'g', generationId: -1, memberId: '' }, 'orders', 0, 4)).toBe(0);
  await broker.close();
  broker = await startBroker({ dataDir, flush: 'fsync' });
  const again = await connectWire(broker);
  const first = readRecords((await fetchBatches(again, 'orders', 0, 0)).records);
  expect(first).toEqual(values.slice(0, first.length).map((value, offset) => ({ offset, value })));
  expect((await fetchBatches(again, 'orders', 0, 9)).highWatermark).toBe(10);
  expect(await fetchOffset(again, 'g', 'orders', 0)).toBe(4);
  await broker.close();
});

describe('the data folder', () => {
  test('belongs to one broker at a time, in this process and in others', async () => {
    const broker = await startBroker({ dataDir });
    await expect(startBroker({ dataDir })).rejects.toThrow(
      `${dataDir} is in use by a broker of process ${process.pid}`,
    );
    const { code, errors } = await runCommand(['--data', dataDir]);
    expect([code, errors]).toEqual([1, expect.stringContaining('choose another folder')]);
    await broker.close();
    await (await startBroker({ dataDir })).close();
  });

  test('of a broker that was killed is free again', async () => {
    const killed = await startProcess(dataDir);
    await killed.end('SIGKILL');
    await (await startBroker({ dataDir })).close();
  });

  test('with a damaged list of topics is refused, not emptied', async () => {
    await (await startBroker({ dataDir })).close();
    for (const content of ['{', '[{"name":1}]', '']) {
      await writeFile(join(dataDir, 'topics.json'), content);
      await expect(startBroker({ dataDir })).rejects.toThrow(/topics\.json is damaged/);
    }
  });

  test('is given back when the port is taken', async () => {
    const broker = await startBroker({ dataDir });
    const other = await temporaryFolder();
    await expect(startBroker({ dataDir: other, port: broker.port })).rejects.toThrow(
      `port ${broker.port} on 127.0.0.1 is in use`,
    );
    await (await startBroker({ dataDir: other })).close();
    await broker.close();
    await rm(other, { recursive: true, force: true });
  });
});
