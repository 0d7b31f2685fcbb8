import type { Contract, PayloadOf } from '../../microservices/chassis/contract/index.ts';
import { topicOf } from '../../microservices/chassis/contract/index.ts';
import { toMessage } from '../../microservices/chassis/events/envelope.ts';
import { newId, newUuid } from '../../microservices/chassis/ids.ts';
import { createKafka, createProducer } from '../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import type { orderFacts } from './contract/values.ts';
import type { z } from 'zod';

/** In these tests the other domains run elsewhere: only their topics are needed. */
export const remote = [customersContract, ordersContract, walletContract].map((contract) => ({
  contract,
  url: 'http://127.0.0.1:9',
}));

/** An event as another domain would send it. */
export interface SentEvent {
  id: string;
  topic: string;
  type: string;
  subject: string;
  time: string;
  data: unknown;
}

/** An event with a payload of its contract. */
export const eventOf = <Of extends Contract, Name extends keyof Of['events'] & string>(
  contract: Of,
  type: Name,
  subject: string,
  time: Date,
  data: PayloadOf<Of, Name>,
): SentEvent => ({ id: newUuid(), topic: topicOf(contract), type, subject, time: time.toISOString(), data });

/** Publishes to the test's broker as the other domains do: same topic, same envelope. */
export const openPublisher = async (brokers: string[]) => {
  const log = createLogger({ level: 'fatal', service: 'test' });
  const producer = createProducer(createKafka({ brokers, clientId: 'others', log }));
  await producer.connect();
  return {
    publish: async (...events: SentEvent[]): Promise<void> => {
      for (const { topic, ...event } of events) {
        const source = `/${topic.replace('commerce.', '')}`;
        const message = toMessage({ ...event, source, sequence: 1, correlationid: newUuid(), dataschema: '' });
        await producer.send({ topic, messages: [message] });
      }
    },
    close: () => producer.disconnect(),
  };
};

export type OrderInput = z.input<typeof orderFacts>;

export const newCustomer = (): string => newId('cus');
export const newOrder = (): string => newId('ord');
export const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** An order as a journey passes it to scoreOrder. */
export const orderWith = (changes: Partial<OrderInput> & { amount?: number } = {}): OrderInput => {
  const { amount = 5_000, ...rest } = changes;
  return {
    customerId: null,
    lines: [{ quantity: 1 }],
    totals: { grandTotal: eur(amount) },
    paymentMethod: 'wallet',
    shippingCountry: 'DE',
    placedAt: new Date().toISOString(),
    ...rest,
  };
};

/** The order.created of an order. */
export const created = (orderId: string, order: OrderInput): SentEvent => {
  const { grandTotal } = order.totals;
  const zero = { ...grandTotal, amount: 0 };
  return eventOf(ordersContract, 'order.created', orderId, new Date(order.placedAt), {
    orderId,
    number: 'FC-1',
    customerId: order.customerId ?? null,
    currency: grandTotal.currency,
    lines: (order.lines ?? []).map(({ quantity }) => ({
      lineId: newId('lin'),
      sku: 'MUG',
      title: 'Mug',
      quantity,
      unitPrice: grandTotal,
      total: grandTotal,
    })),
    totals: { items: grandTotal, discount: zero, shipping: zero, tax: zero, grandTotal },
    paymentMethod: order.paymentMethod === 'cash_on_delivery' ? 'cash_on_delivery' : 'wallet',
    shippingCountry: order.shippingCountry ?? 'DE',
    placedAt: order.placedAt,
  });
};

const about = (orderId: string, customerId: string | null) => ({ orderId, number: 'FC-1', customerId, actor: 'test' });

export const cancelled = (orderId: string, customerId: string | null, time = new Date()): SentEvent =>
  eventOf(ordersContract, 'order.cancelled', orderId, time, {
    ...about(orderId, customerId),
    from: 'placed',
    reason: 'changed my mind',
  });

export const delivered = (orderId: string, customerId: string | null, time: Date): SentEvent =>
  eventOf(ordersContract, 'order.delivered', orderId, time, {
    ...about(orderId, customerId),
    deliveredAt: time.toISOString(),
  });

export const registered = (customerId: string, time: Date, country: string | null = 'DE'): SentEvent =>
  eventOf(customersContract, 'customer.registered', customerId, time, {
    customerId,
    wasGuest: false,
    country,
    locale: 'en',
    group: null,
  });

export const paymentFailed = (ownerId: string, time: Date, reference = newOrder()): SentEvent =>
  eventOf(walletContract, 'payment.failed', reference, time, {
    ownerId,
    reference,
    amount: eur(100),
    reason: 'insufficient_funds',
  });
