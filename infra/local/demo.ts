import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { parseArgs } from 'node:util';
import { createClient } from '../../microservices/chassis/client.ts';
import { fromMessage, type CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { createKafka } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { embeddedKafkaSecurity, readAccess } from '../platform/access.ts';
import { readKafkaSecurity, type KafkaSecurity } from '../platform/kafka-security.ts';
import { readOptions } from '../platform/options.ts';
import { sellLow, type WaitFor } from './demo-low-stock.ts';

const USAGE = `Usage: npm run demo -- [--low-stock] [--data FOLDER] [--url URL --key KEY --kafka HOST:PORT]

Drives one order through a running platform: one customer, one top-up, one cart, one order, until it is confirmed, and prints every
event as it passes on Kafka. With --low-stock it sells an article down to its threshold instead, until staff have been told. Without options it finds the platform that npm start runs here. For a Kafka with TLS or a sign-in it reads the variables that npm start
reads: KAFKA_TLS, KAFKA_TLS_CA, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD.`;

const PATIENCE_MS = 60_000;
const ADDRESS = { name: 'Ada Demo', line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' };

const target = async () => {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: '.fusioncommerce' },
      url: { type: 'string' },
      key: { type: 'string' },
      kafka: { type: 'string' },
      'low-stock': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const story = values['low-stock'] ? sellLow : placeOne;
  if (values.url && values.key && values.kafka)
    return { story, url: values.url, credential: values.key, brokers: values.kafka.split(','), signIn: {} };
  const access = await readAccess(values.data);
  if (!access.url || !access.kafka)
    throw new Error(`The platform of ${values.data} has not been started yet: npm start.`);
  const signIn = embeddedKafkaSecurity(access, access.kafka);
  return { story, url: access.url, credential: access.adminKey, brokers: access.kafka, signIn };
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
  const { story, url, credential, ...kafka } = await target();
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
    return await story({ url, credential }, waitFor);
  } finally {
    await stopWatching();
  }
};

/** One order, until the journey confirmed it. */
const placeOne = async (options: { url: string; credential: string }, waitFor: WaitFor): Promise<boolean> => {
  const customers = createClient(customersContract, options);
  const wallet = createClient(walletContract, options);
  const orders = createClient(ordersContract, options);
  const email = `demo-${randomBytes(5).toString('hex')}@example.com`;
  const customer = await customers.createCustomer({ email, name: 'Ada Demo' });
  await wallet.topUp({
    ownerId: customer.id,
    amount: { amount: 10_000, currency: 'EUR' },
    reference: `demo-${customer.id}`,
  });
  const cart = await orders.createCart({
    currency: 'EUR',
    country: 'DE',
    customerId: customer.id,
    lines: [
      { sku: 'MUG-BLUE', quantity: 2 },
      { sku: 'TEA-GREEN', quantity: 1 },
    ],
  });
  const quote = await orders.createQuote({ cartId: cart.id, shippingAddress: ADDRESS, email });
  console.log(`            quoted ${(quote.totals.grandTotal.amount / 100).toFixed(2)} EUR, placing …`);
  const placing = performance.now();
  const order = await orders.placeOrder({ quoteId: quote.id }, { idempotencyKey: `demo-${quote.id}` });
  const end = await waitFor(({ type, subject }) => subject === order.id && ENDS.includes(type));
  const milliseconds = Math.round(performance.now() - placing);
  const isConfirmed = end?.type === 'order.confirmed';
  if (isConfirmed) console.log(`order ${order.id} confirmed in ${milliseconds} ms`);
  else
    console.log(
      `order ${order.id} was not confirmed: it is ${(await orders.getOrder({ orderId: order.id })).state} after ${milliseconds} ms`,
    );
  return isConfirmed;
};

/** Confirmed is the good end; cancelled and rejected are ends too. */
const ENDS: readonly string[] = ['order.confirmed', 'order.cancelled', 'order.rejected'];

main().then(
  (confirmed) => process.exit(confirmed ? 0 : 1),
  (error: unknown) => {
    console.error(
      error instanceof Problem ? `${error.title}: ${error.message}` : error instanceof Error ? error.message : error,
    );
    process.exit(1);
  },
);
