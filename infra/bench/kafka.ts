/**
 * `npm run bench:kafka`: the way of our events (envelopes with headers, keyed, batches of 500 as the relay sends them,
 * acks from all, idempotent; read by a group) through kafkajs and through @platformatic/kafka, on the embedded broker
 * and on Apache Kafka, each broker in a process of its own; beside them Kafka's own ProducerPerformance and
 * ConsumerPerformance on the same broker. BENCH_EVENTS=N events (20,000); each pair runs twice, in opposite order.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toMessage } from '../../microservices/chassis/events/envelope.ts';
import { newUuid } from '../../microservices/chassis/ids.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { ensureTopics } from '../../microservices/chassis/kafka/topics.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { kafka as apacheKafka } from '../engines/kafka/index.ts';
import { kafkaPerformance } from '../engines/kafka/performance.ts';
import { startProcess } from '../faults/processes.ts';
import { freePort } from '../process/free-port.ts';
import { terminalProgress } from '../process/progress.ts';
import { kafkajsClient, platformaticClient, type BenchClient, type BenchMessage } from './kafka/clients.ts';
import { cpuTimeOf } from './lib/cpu.ts';
import { printCheck, printHead } from './lib/report.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 20_000);
const BATCH = 500;
const KEYS = 1_000;
const PARTITIONS = 6;

interface Rate {
  perSecond: number;
  /** Processor milliseconds for a thousand events: the client's and the broker's. */
  client: number;
  broker: number;
}

const log = createLogger({ level: 'error', service: 'bench' });
const folder = await mkdtemp(join(tmpdir(), 'bench-kafka-'));

/** A price change as it is on Kafka, with other keys. */
const messages: BenchMessage[] = Array.from({ length: EVENTS }, (_, index) => {
  const { key, value, headers } = toMessage({
    id: newUuid(),
    type: 'price.changed',
    source: '/catalog',
    subject: `prd_${index % KEYS}`,
    time: new Date().toISOString(),
    sequence: Math.floor(index / KEYS) + 1,
    correlationid: newUuid(),
    dataschema: '/v1/events/price.changed',
    data: { sku: `SKU-${index % KEYS}`, priceListId: newUuid(), unitPrice: { amount: 1_990 + index, currency: 'EUR' } },
  });
  return { key: String(key), value: String(value), headers };
});
const recordBytes = Math.round(
  messages.reduce((sum, { value, headers }) => sum + value.length + JSON.stringify(headers).length, 0) / EVENTS,
);

const brokers = {
  'embedded broker': async () => {
    const port = await freePort();
    const kafka = createKafka({
      brokers: [`127.0.0.1:${port}`],
      clientId: 'probe',
      log: createLogger({ level: 'silent', service: 'bench' }),
    });
    const answers = async (): Promise<boolean> => {
      const admin = kafka.admin({ retry: { retries: 0 } });
      try {
        await admin.connect();
        return true;
      } catch {
        return false;
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    };
    const data = join(folder, 'embedded');
    const broker = await startProcess(
      'infra/embedded-kafka/main.ts',
      ['--port', String(port), '--data', data],
      answers,
    );
    return { address: `127.0.0.1:${port}`, pid: broker.pid, stop: async () => void (await broker.stop()) };
  },
  [apacheKafka.title]: async () => {
    const broker = await apacheKafka.start({ folder: join(folder, 'apache'), progress: terminalProgress() });
    return { address: broker.url, pid: broker.pid ?? 0, stop: () => broker.stop() };
  },
};

const spent = (pid: number): number => {
  const time = cpuTimeOf(pid);
  return (time?.own ?? 0) + (time?.below ?? 0);
};

const measured = async (pid: number, work: () => Promise<unknown>): Promise<Rate> => {
  const [mine, theirs, started] = [process.cpuUsage(), spent(pid), performance.now()];
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(mine);
  const perThousand = (used: number): number => (used * 1_000 * 1_000) / EVENTS;
  return {
    perSecond: EVENTS / seconds,
    client: perThousand((user + system) / 1e6),
    broker: perThousand(spent(pid) - theirs),
  };
};

let topics = 0;
const newTopic = async (address: string): Promise<string> => {
  const topic = `bench.${(topics += 1)}`;
  const kafka = createKafka({ brokers: [address], clientId: 'bench', log });
  await ensureTopics(kafka, [{ topic, partitions: PARTITIONS, replicationFactor: 1, retentionMs: -1 }]);
  return topic;
};

const print = (what: string, { perSecond, client, broker }: Rate): void =>
  console.log(
    `  ${what.padEnd(34)} ${perSecond.toFixed(0).padStart(8)}/s   for 1,000: client ${client.toFixed(1)} ms, broker ${broker.toFixed(1)} ms`,
  );

const mean = (rates: readonly Rate[]): Rate => {
  const of = (part: keyof Rate): number => rates.reduce((sum, rate) => sum + rate[part], 0) / rates.length;
  return { perSecond: of('perSecond'), client: of('client'), broker: of('broker') };
};

const compare = async (name: string, { address, pid }: { address: string; pid: number }): Promise<void> => {
  const clients = [kafkajsClient, platformaticClient];
  const taken = clients.map(() => ({ produce: [] as Rate[], consume: [] as Rate[] }));
  const round = async (client: BenchClient, index: number): Promise<void> => {
    const topic = await newTopic(address);
    const { produce, consume, close } = await client.open(address, topic);
    taken[index]?.produce.push(
      await measured(pid, async () => {
        for (let start = 0; start < EVENTS; start += BATCH) await produce(messages.slice(start, start + BATCH));
      }),
    );
    let ids = new Set<string>();
    taken[index]?.consume.push(await measured(pid, async () => (ids = await consume(EVENTS))));
    if (ids.size !== EVENTS) printCheck(`${client.name} on ${name}: events read`, false, `${ids.size} of ${EVENTS}`);
    await close();
  };
  for (const [index, client] of [...clients.entries(), ...[...clients.entries()].toReversed()])
    await round(client, index);
  console.log(`\n${name}`);
  clients.forEach((client, index) => {
    print(`${client.name}, produced`, mean(taken[index]?.produce ?? []));
    print(`${client.name}, consumed by a group`, mean(taken[index]?.consume ?? []));
  });
  const [ours, other] = taken;
  if (ours && other) {
    const ratio = (part: 'produce' | 'consume'): string =>
      (mean(other[part]).perSecond / mean(ours[part]).perSecond).toFixed(2);
    console.log(
      `  @platformatic/kafka is ${ratio('produce')} of kafkajs in producing, ${ratio('consume')} in consuming`,
    );
  }
  const java = await kafkaPerformance(
    address,
    await newTopic(address),
    { records: EVENTS * 5, recordBytes },
    terminalProgress(),
  );
  console.log(
    `  Kafka's own performance tools: ${java.produced.toFixed(0)}/s produced, ${java.consumed.toFixed(0)}/s consumed`,
  );
};

printHead(`Kafka clients and brokers: ${EVENTS} events of ${recordBytes} bytes, twice each`);
try {
  for (const [name, start] of Object.entries(brokers)) {
    const broker = await start();
    try {
      await compare(name, broker);
    } finally {
      await broker.stop();
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
