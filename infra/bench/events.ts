/**
 * `npm run bench:events`: from the commit to a consumer. Price changes, a hundred a commit, go through outbox, relay
 * and Kafka; beside it the same messages through kafkajs alone, on the same broker in the same run. With
 * BENCH_KAFKA=apache that broker is an Apache Kafka in a process of its own, and its own ProducerPerformance and
 * ConsumerPerformance run beside, with records of the same size.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { topicOf } from '../../microservices/chassis/contract/index.ts';
import { fromMessage, toMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import type { RunningEngine } from '../engines/engine.ts';
import { kafka as apacheKafka } from '../engines/kafka/index.ts';
import { kafkaPerformance, type Performance } from '../engines/kafka/performance.ts';
import { terminalProgress } from '../process/progress.ts';
import { openHttp, type Http } from './lib/http.ts';
import { setupClient } from './lib/in-process.ts';
import { startCpu, summarize, type Measured } from './lib/load.ts';
import { startBenchPlatform, type BenchPlatform } from './lib/platform.ts';
import { printCheck, printHead, printRatio, printTable } from './lib/report.ts';
import { openShop } from './lib/shop.ts';

const PER_COMMIT = 100;
const COMMITS = Number(process.env['BENCH_COMMITS'] ?? 200);
const AT_ONCE = 4;
const CALM_COMMITS = 60;
const CALM_PAUSE_MS = 50;
const RAW_TOPIC = 'bench.raw';

interface Watch {
  /** Events seen since the last call, with how long each took from its commit. */
  take(count: number): Promise<{ events: CommerceEvent[]; milliseconds: Float64Array }>;
  stop(): Promise<void>;
}

const watch = async (kafka: Kafka, topic: string): Promise<Watch> => {
  const seen: { event: CommerceEvent; milliseconds: number }[] = [];
  const consumer = openConsumer(kafka, { groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 500 });
  const assigned = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) {
        const event = fromMessage(message);
        seen.push({ event, milliseconds: Date.now() - Date.parse(event.time) });
      }
    },
  });
  await assigned;
  await sleep(1_000); // the first fetch of every partition finds the end before anything is sent
  return {
    take: async (count) => {
      while (seen.length < count) await sleep(1);
      const taken = seen.splice(0);
      return {
        events: taken.map(({ event }) => event),
        milliseconds: Float64Array.from(taken, ({ milliseconds }) => milliseconds),
      };
    },
    stop: async () => {
      await consumer.disconnect();
    },
  };
};

/** Sets every price anew, one commit: as many events as prices. */
const priceChanger = (http: Http, priceListId: string, skus: readonly string[]) => {
  let amount = 2_000;
  return async (count: number): Promise<void> => {
    amount += 1;
    const prices = skus.slice(0, count).map((sku) => ({ sku, unitPrice: { amount, currency: 'EUR' } }));
    await http.expect('POST', `/v1/price-lists/${priceListId}/prices`, { prices }, randomUUID());
  };
};

const atFullSpeed = async (
  platform: BenchPlatform,
  watching: Watch,
  change: (count: number) => Promise<void>,
): Promise<{ measured: Measured; events: CommerceEvent[] }> => {
  const cpu = startCpu(platform.pid);
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next++ < COMMITS) await change(PER_COMMIT);
    }),
  );
  const { events, milliseconds } = await watching.take(COMMITS * PER_COMMIT);
  return {
    events,
    measured: { ...summarize(milliseconds, (performance.now() - started) / 1000), cpu: cpu(events.length) },
  };
};

/** The same messages, a batch a send, straight from a producer. */
const rawKafka = async (
  platform: BenchPlatform,
  kafka: Kafka,
  events: readonly CommerceEvent[],
  partitions: number,
): Promise<Measured> => {
  await ensureTopics(kafka, [{ topic: RAW_TOPIC, partitions, replicationFactor: 1, retentionMs: -1 }]);
  const watching = await watch(kafka, RAW_TOPIC);
  const producer = createProducer(kafka);
  await producer.connect();
  const cpu = startCpu(platform.pid);
  const started = performance.now();
  for (let start = 0; start < events.length; start += 5 * PER_COMMIT) {
    const messages = events
      .slice(start, start + 5 * PER_COMMIT)
      .map((event) => toMessage({ ...event, time: new Date().toISOString() }));
    await producer.send({ topic: RAW_TOPIC, acks: -1, messages });
  }
  const { milliseconds } = await watching.take(events.length);
  const measured = { ...summarize(milliseconds, (performance.now() - started) / 1000), cpu: cpu(events.length) };
  await producer.disconnect();
  await watching.stop();
  return measured;
};

/** An Apache Kafka of this run, or none: the platform then starts its own broker. */
const startBroker = async (folder: string): Promise<RunningEngine | undefined> => {
  const wanted = process.env['BENCH_KAFKA'] ?? 'embedded';
  if (wanted === 'embedded') return undefined;
  if (wanted === 'apache') return await apacheKafka.start({ folder, progress: terminalProgress() });
  throw new Error(`BENCH_KAFKA is ${JSON.stringify(wanted)}; it should be "embedded" or "apache".`);
};

/**
 * Kafka's own tools on as many partitions, with records as large; ten times as many, because a Java program is slow at
 * first.
 */
const printKafkaTools = async (
  broker: string,
  { kafka, events, partitions }: { kafka: Kafka; events: readonly CommerceEvent[]; partitions: number },
): Promise<Performance> => {
  const topic = 'bench.tools';
  await ensureTopics(kafka, [{ topic, partitions, replicationFactor: 1, retentionMs: -1 }]);
  const bytes = (event: CommerceEvent): number => {
    const { value, headers } = toMessage(event);
    return String(value).length + JSON.stringify(headers).length;
  };
  const recordBytes = Math.round(events.reduce((sum, event) => sum + bytes(event), 0) / events.length);
  const load = { records: events.length * 10, recordBytes };
  const { produced, consumed } = await kafkaPerformance(broker, topic, load, terminalProgress());
  console.log(
    `ProducerPerformance ${produced.toFixed(0)}/s, ConsumerPerformance ${consumed.toFixed(0)}/s, ${load.records} records of ${recordBytes} bytes`,
  );
  return { produced, consumed };
};

const folder = await mkdtemp(join(tmpdir(), 'bench-events-'));
const broker = await startBroker(folder);
printHead(
  `Events: ${COMMITS} commits of ${PER_COMMIT} events, ${AT_ONCE} at a time, from the commit to a consumer, on ${broker ? apacheKafka.title : 'the embedded broker'}`,
);
const platform = await startBenchPlatform(broker ? { kafka: broker.url } : {});
try {
  const { skus } = await openShop(platform, { products: PER_COMMIT, stock: 1 });
  const [list] = (await setupClient(catalogContract, platform).listPriceLists({})).items;
  if (!list) throw new Error('The price list of the bench was made and cannot be found.');
  const http = openHttp(platform.url, platform.adminKey, AT_ONCE);
  const kafka = createKafka({
    brokers: platform.kafka,
    ...platform.kafkaSecurity,
    clientId: 'bench',
    log: createLogger({ level: 'error', service: 'bench' }),
  });
  const topic = topicOf(catalogContract);
  const admin = kafka.admin();
  await admin.connect();
  const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 1;
  await admin.disconnect();

  const watching = await watch(kafka, topic);
  const change = priceChanger(http, list.id, skus);
  for (let i = 0; i < 20; i += 1) await change(PER_COMMIT);
  await watching.take(20 * PER_COMMIT);

  const calmCpu = startCpu(platform.pid);
  const calmStarted = performance.now();
  for (let i = 0; i < CALM_COMMITS; i += 1) {
    await change(1);
    await sleep(CALM_PAUSE_MS);
  }
  const calmTaken = await watching.take(CALM_COMMITS);
  const calm: Measured = {
    ...summarize(calmTaken.milliseconds, (performance.now() - calmStarted) / 1000),
    cpu: calmCpu(CALM_COMMITS),
  };

  const { events, measured } = await atFullSpeed(platform, watching, change);
  await watching.stop();
  const raw = await rawKafka(platform, kafka, events, partitions);

  printTable([
    { what: 'one event a commit, now and then', measured: calm },
    { what: 'events at full speed', measured, aim: 2_000 },
    { what: 'yardstick: the same through kafkajs alone', measured: raw },
  ]);
  printRatio('events', measured, raw);
  if (broker) {
    const { produced } = await printKafkaTools(broker.url, { kafka, events, partitions });
    console.log(`events: ${(measured.perSecond / produced).toFixed(3)} of ProducerPerformance`);
  }
  const ids = new Set(events.map(({ id }) => id));
  printCheck(
    'events received',
    events.length === COMMITS * PER_COMMIT && ids.size === events.length,
    `${events.length}, ${ids.size} of them different, ${COMMITS * PER_COMMIT} committed`,
  );
  const last = new Map<string, number>();
  const disordered = events.filter(({ subject, sequence }) => {
    const before = last.get(subject);
    last.set(subject, sequence);
    return before !== undefined && sequence !== before + 1;
  });
  printCheck('in order per product, without a gap', disordered.length === 0, `${disordered.length} out of order`);
  http.close();
} finally {
  await platform.stop();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
}
