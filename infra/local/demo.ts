import { randomBytes } from 'node:crypto';
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

const USAGE = `Usage: npm run demo -- [--data FOLDER] [--url URL --key KEY --kafka HOST:PORT]

Drives one order through a running platform: one customer, one top-up, one cart, one order, until it is confirmed, and prints every
event as it passes on Kafka. Without options it finds the platform that npm start runs here. For a Kafka with TLS or a sign-in it reads the variables that npm start
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
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (values.url && values.key && values.kafka)
    return { url: values.url, credential: values.key, brokers: values.kafka.split(','), signIn: {} };
  const access = await readAccess(values.data);
  if (!access.url || !access.kafka)
    throw new Error(`The platform of ${values.data} has not been started yet: npm start.`);
  const signIn = embeddedKafkaSecurity(access, access.kafka);
  return { url: access.url, credential: access.adminKey, brokers: access.kafka, signIn };
};

/** As the environment says, because npm start's flags are not here; the embedded broker's own sign-in unless it says another. */
const securityOf = async (brokers: string[], signIn: KafkaSecurity): Promise<KafkaSecurity> => {
  const options = readOptions([], process.env);
  if (options === 'help') return signIn;
  return { ...signIn, ...(await readKafkaSecurity({ ...options, kafka: brokers }, process.env)) };
};

/** Watches the topics from now on; returns when every partition is being read, so that nothing of the order is missed. */
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
  const { url, credential, ...kafka } = await target();
  const customers = createClient(customersContract, { url, credential });
  const wallet = createClient(walletContract, { url, credential });
  const orders = createClient(ordersContract, { url, credential });

  const started = performance.now();
  let orderId: string | undefined;
  let end: (confirmed: boolean) => void = () => undefined;
  const ended = new Promise<boolean>((resolve) => (end = resolve));
  const early: CommerceEvent[] = [];
  const stopWatching = await watchEvents(kafka, (event) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(3).padStart(8);
    console.log(`${seconds} s  ${event.type.padEnd(28)} ${event.subject}`);
    early.push(event);
    if (orderId) endIfOurs(event, orderId, end);
  });
  try {
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
    orderId = order.id;
    for (const event of early) endIfOurs(event, order.id, end);
    const patience = setTimeout(() => end(false), PATIENCE_MS);
    const confirmed = await ended;
    clearTimeout(patience);
    const milliseconds = Math.round(performance.now() - placing);
    if (confirmed) console.log(`order ${order.id} confirmed in ${milliseconds} ms`);
    else
      console.log(
        `order ${order.id} was not confirmed: it is ${(await orders.getOrder({ orderId: order.id })).state} after ${milliseconds} ms`,
      );
    return confirmed;
  } finally {
    await stopWatching();
  }
};

/** Confirmed is the good end; cancelled and rejected are ends too. */
const endIfOurs = (event: CommerceEvent, orderId: string, end: (confirmed: boolean) => void): void => {
  if (event.subject !== orderId) return;
  if (event.type === 'order.confirmed') end(true);
  if (event.type === 'order.cancelled' || event.type === 'order.rejected') end(false);
};

main().then(
  (confirmed) => process.exit(confirmed ? 0 : 1),
  (error: unknown) => {
    console.error(
      error instanceof Problem ? `${error.title}: ${error.message}` : error instanceof Error ? error.message : error,
    );
    process.exit(1);
  },
);
