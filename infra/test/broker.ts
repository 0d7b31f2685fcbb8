import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBroker } from '@fusioncommerce/embedded-kafka';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { silentLog } from '../../microservices/chassis/testing/log.ts';
import { kafka } from '../engines/kafka/index.ts';
import { freePort } from '../process/free-port.ts';
import { silentProgress } from '../process/progress.ts';

/** Tests run on the embedded broker; with TEST_KAFKA=apache (`npm run test:engines`) on Apache Kafka. */
const isApache = (): boolean => process.env['TEST_KAFKA'] === 'apache';

/**
 * "host:port" of a broker without topics, for a test that does not touch the broker itself; give it back at the end.
 */
export const borrowBroker = async (folder: string): Promise<{ address: string; giveBack: () => Promise<void> }> => {
  if (!isApache()) {
    const { address, down } = await startTestBroker(folder);
    return { address, giveBack: down };
  }
  const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
  const address = brokers[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % brokers.length] ?? '';
  await removeTopics(address);
  return { address, giveBack: async () => undefined };
};

/** With a topic Kafka forgets what groups had committed on it, so the next test finds nothing of the last. */
export const removeTopics = async (address: string): Promise<void> => {
  const admin = createKafka({ brokers: [address], clientId: 'test', log: silentLog }).admin();
  await admin.connect();
  try {
    const topics = async () => (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
    const old = await topics();
    if (old.length > 0) await admin.deleteTopics({ topics: old });
    while ((await topics()).length > 0) await sleep(50);
  } finally {
    await admin.disconnect();
  }
};

export interface TestBroker {
  /** "host:port" */
  address: string;
  /** Takes it away, and brings it back on the same port with the same data. */
  down: () => Promise<void>;
  up: () => Promise<void>;
}

/** A broker of a test's own, which the test may take away. Take it down at the end. */
export const startTestBroker = async (folder: string): Promise<TestBroker> => {
  const port = await freePort();
  const start = isApache() ? startApache : startEmbedded;
  const data = join(folder, 'kafka');
  let stop: (() => Promise<void>) | undefined = await start(data, port);
  return {
    address: `127.0.0.1:${port}`,
    down: async () => {
      await stop?.();
      stop = undefined;
    },
    up: async () => {
      stop = await start(data, port);
    },
  };
};

const startEmbedded = async (dataDir: string, port: number): Promise<() => Promise<void>> => {
  // A consumer's stop waits for its fetch in flight; with the second that services allow it, tests mostly waited for
  // that.
  const broker = await startBroker({ dataDir, port, limits: { fetchWaitMs: 100 } });
  return () => broker.close();
};

const startApache = async (folder: string, port: number): Promise<() => Promise<void>> => {
  const broker = await kafka.start({ folder, port, progress: silentProgress });
  return () => broker.stop();
};
