import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { fraudContract } from './contract.ts';
import { featuresOf, type Features } from './features.ts';
import { DAY, HOUR, shopDaysOf, type Fact } from './features/history.ts';
import { fraud } from './index.ts';
import {
  created,
  delivered,
  newCustomer,
  newOrder,
  openPublisher,
  paymentFailed,
  registered,
  remote,
  eventOf,
  orderWith,
  type SentEvent,
  type OrderInput,
} from './testing.ts';

let platform: TestPlatform;
let publisher: Awaited<ReturnType<typeof openPublisher>>;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [fraud], remote, environment: { FRAUD_DEADLINE_MS: '30000' } });
  publisher = await openPublisher(platform.kafka);
});
afterAll(async () => {
  await publisher.close();
  await platform.stop();
});

const api = () => platform.client(fraudContract);
const countFacts = async (): Promise<number> =>
  (await platform.database('fraud').one<{ n: number }>('SELECT count(*) AS n FROM fact')).n;

interface Placed {
  orderId: string;
  order: OrderInput & { customerId: string };
}

/** Weeks of two customers: registrations, orders, deliveries, failed payments. */
const makeShop = (): { orders: Placed[]; events: SentEvent[]; facts: Map<string, Fact[]> } => {
  const start = Date.now() - 60 * DAY;
  const hours = Array.from({ length: 60 }, (_, index) => 10 * index + ((7 * index) % 9));
  const facts = new Map<string, Fact[]>();
  const orders: Placed[] = [];
  const events: SentEvent[] = [];
  const keep = (customerId: string, event: SentEvent, fact: Partial<Fact> & Pick<Fact, 'kind'>): void => {
    const blank = { orderId: null, amount: null, currency: null, country: null };
    const at = Date.parse(event.time);
    facts.set(customerId, [...(facts.get(customerId) ?? []), { id: event.id, at, ...blank, ...fact }]);
    events.push(event);
  };
  const customers = [newCustomer(), newCustomer()];
  for (const customerId of customers)
    keep(customerId, registered(customerId, new Date(start)), { kind: 'registered', country: 'DE' });
  for (const [index, hour] of hours.entries()) {
    const customerId = customers[index % 2] ?? '';
    const [orderId, at] = [newOrder(), start + hour * HOUR + index];
    if (index % 5 === 4) {
      const failed = paymentFailed(customerId, new Date(at), orderId);
      keep(customerId, failed, { kind: 'payment_failed', orderId });
      continue;
    }
    const amount = 1_000 + ((hour * 7_919) % 50_000);
    const country = index % 7 === 0 ? 'FR' : 'DE';
    const order = {
      ...orderWith({ amount, shippingCountry: country, placedAt: new Date(at).toISOString() }),
      customerId,
    };
    orders.push({ orderId, order });
    keep(customerId, created(orderId, order), { kind: 'order_placed', orderId, amount, currency: 'EUR', country });
    keep(customerId, delivered(orderId, customerId, new Date(at + 3 * DAY)), { kind: 'order_delivered', orderId });
  }
  return { orders, events, facts };
};

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item);

describe('point in time, through Kafka and PostgreSQL', () => {
  test('events in any order, some of them twice, give every order the vector that a batch computes', async () => {
    const { orders, events, facts } = makeShop();
    const again = shuffled(events).slice(0, 40);
    await publisher.publish(...shuffled(events), ...again);
    await until(async () => (await countFacts()) === events.length);

    const shopDays = shopDaysOf(
      orders.map(({ order }) => ({ at: Date.parse(order.placedAt), ...order.totals.grandTotal })),
    );
    const batch = ({ orderId, order }: Placed): Features =>
      featuresOf(
        {
          orderId,
          customerId: order.customerId,
          ...order.totals.grandTotal,
          shippingCountry: order.shippingCountry ?? null,
          billingCountry: null,
          paymentMethod: 'wallet',
          largestQuantity: 1,
          placedAt: Date.parse(order.placedAt),
        },
        { facts: facts.get(order.customerId) ?? [], sightings: [], labels: [], shopDays },
      );
    const rows = await Promise.all(
      orders.map(async (placed) => {
        const { features } = await api().scoreOrder({ orderId: placed.orderId });
        return { online: features, batch: batch(placed) };
      }),
    );
    expect(rows).toHaveLength(48);
    for (const { online, batch: expected } of rows) expect(online).toEqual(expected);
    // The vectors are not empty: history, habits and the shop's mean are in them.
    const seen = (name: keyof Features): number => rows.filter(({ batch: row }) => row[name] !== null).length;
    expect(seen('amountToOwnMean')).toBeGreaterThan(20);
    expect(seen('amountToShopMean')).toBeGreaterThan(3);
    expect(rows.some(({ batch: row }) => row.newCountry === true)).toBe(true);
  });

  test('a past that was merged into a customer counts from the merge on', async () => {
    const [kept, gone] = [newCustomer(), newCustomer()];
    const at = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * HOUR).toISOString();
    const [before, after] = [newOrder(), newOrder()];
    const known = await countFacts();
    await publisher.publish(
      created(before, orderWith({ customerId: kept, placedAt: at(2) })),
      created(after, orderWith({ customerId: kept, placedAt: at(0.5) })),
      eventOf(customersContract, 'customer.merged', kept, new Date(at(1)), {
        customerId: kept,
        mergedCustomerId: gone,
      }),
      delivered(newOrder(), gone, new Date(at(100))),
      registered(gone, new Date(at(1_000))),
    );
    await until(async () => (await countFacts()) === known + 4);
    await until(async () => (await platform.database('fraud').rows('SELECT 1 FROM alias')).length === 1);
    const seen = async (orderId: string) => (await api().scoreOrder({ orderId })).features;
    expect(await seen(before)).toMatchObject({ deliveredOrders: 0, accountAgeHours: null });
    const features = await seen(after);
    expect(features).toMatchObject({ deliveredOrders: 1 });
    expect(Number(features['accountAgeHours'])).toBeCloseTo(999.5, 3);
  });
});
