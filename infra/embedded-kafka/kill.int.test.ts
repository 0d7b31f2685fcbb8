import { rm } from 'node:fs/promises';
import { startProcess, type BrokerProcess } from './testing/broker-process.ts';
import { buildBatch, readRecords, type RecordRead } from './testing/build-batch.ts';
import { temporaryFolder } from './testing/temporary-broker.ts';
import { connectWire, type WireClient } from './testing/wire-client.ts';
import {
  commitOffset,
  createTopic,
  fetchBatches,
  fetchOffset,
  initProducerId,
  produceBatch,
} from './testing/wire-requests.ts';

/** More of both with BROKER_KILLS=100 BROKER_SEED=7. */
const kills = Number(process.env['BROKER_KILLS'] ?? 6);
const seed = Number(process.env['BROKER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Mulberry32: small, and the same sequence for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomFrom(seed);
const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));

type Sent = { readonly values: readonly string[]; baseOffset: number | null };

/** Sends batches one after the other until the broker is gone; remembers what was acknowledged and where. */
async function writePlainly(address: BrokerProcess['address'], name: string, history: Sent[]): Promise<void> {
  const client = await connectWire(address);
  try {
    for (;;) {
      const values = Array.from(
        { length: between(1, 6) },
        (_, index) => `${name}:${history.length}:${index}:${'x'.repeat(between(0, 900))}`,
      );
      const sent: Sent = { values, baseOffset: null };
      history.push(sent);
      const { errorCode, baseOffset } = await produceBatch(
        client,
        'plain',
        0,
        buildBatch(values.map((value) => ({ value }))),
      );
      if (errorCode === 0) sent.baseOffset = baseOffset;
    }
  } catch {
    await client.close();
  }
}

type Sequenced = { producerId: number; sequence: number; acknowledged: string[]; unanswered: string | null };

/** An idempotent producer: repeats the batch that was not answered, with the same sequence, before it goes on. */
async function writeIdempotently(address: BrokerProcess['address'], producer: Sequenced): Promise<void> {
  const client = await connectWire(address);
  try {
    if (producer.producerId < 0) producer.producerId = (await initProducerId(client)).producerId;
    for (;;) {
      producer.unanswered ??= `sequence ${producer.sequence}`;
      const identity = { producerId: producer.producerId, epoch: 0, sequence: producer.sequence };
      const batch = buildBatch([{ value: producer.unanswered }], identity);
      const { errorCode } = await produceBatch(client, 'once', 0, batch);
      if (errorCode !== 0) throw new Error(`refused with ${errorCode}`);
      producer.acknowledged.push(producer.unanswered);
      producer.unanswered = null;
      producer.sequence += 1;
    }
  } catch (error) {
    await client.close();
    if (error instanceof Error && error.message.startsWith('refused')) throw error;
  }
}

type Commits = { acknowledged: number; sent: number };

async function commitSteadily(address: BrokerProcess['address'], commits: Commits): Promise<void> {
  const client = await connectWire(address);
  const anyone = { groupId: 'steady', generationId: -1, memberId: '' };
  try {
    for (;;) {
      commits.sent += 1;
      const errorCode = await commitOffset(client, anyone, 'plain', 0, commits.sent);
      if (errorCode === 0) commits.acknowledged = commits.sent;
    }
  } catch {
    await client.close();
  }
}

async function readWhole(client: WireClient, topic: string): Promise<RecordRead[]> {
  const records: RecordRead[] = [];
  for (;;) {
    const next = (records.at(-1)?.offset ?? -1) + 1;
    const fetched = await fetchBatches(client, topic, 0, next);
    expect(fetched.errorCode).toBe(0);
    if (fetched.records.length === 0) return records;
    records.push(...readRecords(fetched.records));
  }
}

/**
 * Every acknowledged record where it was acknowledged; whatever else is there was sent, whole, and not acknowledged.
 */
function expectAcknowledgedPlusUnanswered(log: readonly RecordRead[], history: readonly Sent[]): void {
  expect(log.map(({ offset }) => offset)).toEqual(log.map((_, index) => index));
  const rest = new Map(log.map(({ offset, value }) => [offset, value]));
  for (const { values, baseOffset } of history) {
    if (baseOffset === null) continue;
    values.forEach((value, index) => {
      expect(rest.get(baseOffset + index)).toBe(value);
      rest.delete(baseOffset + index);
    });
  }
  const unanswered = history.filter(({ baseOffset }) => baseOffset === null).flatMap(({ values }) => values);
  const extra = [...rest.values()];
  expect(extra.filter((value) => !unanswered.includes(value))).toEqual([]);
  expect(new Set(extra).size).toBe(extra.length);
}

test(
  `after ${kills} kill -9 at random instants the log is the acknowledged records plus at most unanswered ones (BROKER_SEED=${seed})`,
  async () => {
    console.log(`BROKER_SEED=${seed} BROKER_KILLS=${kills}`);
    const dataDir = await temporaryFolder();
    const histories: Sent[][] = [[], [], []];
    const producer: Sequenced = { producerId: -1, sequence: 0, acknowledged: [], unanswered: null };
    const commits: Commits = { acknowledged: 0, sent: 0 };
    let running = await startProcess(dataDir);
    try {
      const admin = await connectWire(running.address);
      const keepForEver = { 'segment.bytes': '65536', 'retention.ms': '-1' };
      expect(await createTopic(admin, 'plain', 1, keepForEver)).toBe(0);
      expect(await createTopic(admin, 'once', 1, keepForEver)).toBe(0);
      await admin.close();
      for (let kill = 0; kill < kills; kill += 1) {
        const work = [
          ...histories.map((history, index) => writePlainly(running.address, `w${index}`, history)),
          writeIdempotently(running.address, producer),
          commitSteadily(running.address, commits),
        ];
        await new Promise((resolve) => setTimeout(resolve, between(20, 400)));
        await running.end('SIGKILL');
        await Promise.all(work);
        running = await startProcess(dataDir, running.address.port);
        const client = await connectWire(running.address);
        expectAcknowledgedPlusUnanswered(await readWhole(client, 'plain'), histories.flat());
        const once = (await readWhole(client, 'once')).map(({ value }) => value);
        const possible = [...producer.acknowledged, ...(producer.unanswered === null ? [] : [producer.unanswered])];
        expect(once).toEqual(possible.slice(0, once.length));
        expect(once.length).toBeGreaterThanOrEqual(producer.acknowledged.length);
        const committed = await fetchOffset(client, 'steady', 'plain', 0);
        expect(committed).toBeGreaterThanOrEqual(commits.acknowledged === 0 ? -1 : commits.acknowledged);
        expect(committed).toBeLessThanOrEqual(commits.sent);
        await client.close();
      }
      const acknowledged = histories.flat().filter(({ baseOffset }) => baseOffset !== null).length;
      console.log(
        `${acknowledged} plain batches, ${producer.acknowledged.length} sequenced and ${commits.acknowledged} commits acknowledged`,
      );
      expect(acknowledged).toBeGreaterThan(0);
      expect(producer.acknowledged.length).toBeGreaterThan(0);
    } finally {
      await running.end('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  30_000 + kills * 5_000,
);
