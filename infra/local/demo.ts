import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { embeddedKafkaSecurity, readAccess } from '../platform/access.ts';
import { readKafkaSecurity, type KafkaSecurity } from '../platform/kafka-security.ts';
import { readOptions } from '../platform/options.ts';
import { abandonCart } from './demo-abandon.ts';
import { formTeam } from './demo-groups.ts';
import { sellLow } from './demo-low-stock.ts';
import { DEMO_USAGE, readDemoOptions, WrongDemo, type DemoOptions, type DemoStory } from './demo-options.ts';
import { placeOrders } from './demo-orders.ts';
import type { Stage, WaitFor } from './demo-story.ts';

const PATIENCE_MS = 60_000;

const tell = (story: DemoStory, stage: Stage): Promise<boolean> => {
  switch (story.kind) {
    case 'orders':
      return placeOrders(stage, story);
    case 'abandon':
      return abandonCart(stage, story.customerId);
    case 'low-stock':
      return sellLow(stage);
    case 'groups':
      return formTeam(stage);
  }
};

const target = async ({ remote, data }: DemoOptions) => {
  if (remote) return { api: { url: remote.url, credential: remote.key }, brokers: remote.kafka, signIn: {} };
  const access = await readAccess(data);
  if (!access.url || !access.kafka) throw new Error(`The platform of ${data} has not been started yet: npm start.`);
  const signIn = embeddedKafkaSecurity(access, access.kafka);
  return { api: { url: access.url, credential: access.adminKey }, brokers: access.kafka, signIn };
};

/**
 * As the environment says, because npm start's flags are not here; the embedded broker's own sign-in unless it says
 * another.
 */
const securityOf = async (brokers: string[], signIn: KafkaSecurity): Promise<KafkaSecurity> => {
  const options = readOptions([], process.env);
  if (options === 'help') return signIn;
  return { ...signIn, ...(await readKafkaSecurity({ ...options, kafka: brokers }, process.env)) };
};

/**
 * Watches the topics from now on; returns when every partition is being read, so that nothing of the order is missed.
 */
const watchEvents = async (
  { brokers, signIn }: { brokers: string[]; signIn: KafkaSecurity },
  onEvent: (event: CommerceEvent) => void,
): Promise<() => Promise<void>> => {
  const log = createLogger({ level: 'fatal', service: 'demo' });
  const kafka = createKafka({ brokers, clientId: 'demo', log, ...(await securityOf(brokers, signIn)) });
  const consumer = openConsumer(kafka, { groupId: `demo-${randomBytes(6).toString('hex')}`, maxWaitTimeInMs: 100 });
  const assigned = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [/^commerce\.[a-z]+$/] });
  await consumer.run({ eachMessage: async ({ message }) => onEvent(fromMessage(message)) });
  await assigned;
  return async () => {
    await consumer.disconnect();
  };
};

const main = async (): Promise<boolean> => {
  const options = readDemoOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(DEMO_USAGE);
    return true;
  }
  const { api, ...kafka } = await target(options);
  const started = performance.now();
  const seen = new EventEmitter();
  const events: CommerceEvent[] = [];
  const stopWatching = await watchEvents(kafka, (event) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(3).padStart(8);
    console.log(`${seconds} s  ${event.type.padEnd(28)} ${event.subject}`);
    events.push(event);
    seen.emit('event');
  });
  const waitFor: WaitFor = async (fits) => {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = events.find(fits);
      if (found || patience.aborted) return found;
      await once(seen, 'event', { signal: patience }).catch(() => undefined);
    }
  };
  try {
    return await tell(options.story, { api, waitFor });
  } finally {
    await stopWatching();
  }
};

main().then(
  (confirmed) => process.exit(confirmed ? 0 : 1),
  (error: unknown) => {
    console.error(
      error instanceof Problem ? `${error.title}: ${error.message}` : error instanceof Error ? error.message : error,
    );
    process.exit(error instanceof WrongDemo ? 2 : 1);
  },
);
