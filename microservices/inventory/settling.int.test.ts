import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { toMessage } from '../chassis/events/envelope.ts';
import { newId } from '../chassis/ids.ts';
import { createKafka, createProducer } from '../chassis/kafka/client.ts';
import { createLogger } from '../chassis/telemetry/log.ts';
import { ordersContract } from '../orders/contract.ts';
import { inventoryContract } from './contract.ts';
import { inventory } from './index.ts';
import { problemOf, stocked } from './testing.ts';

let platform: TestPlatform;
const api = () => platform.client(inventoryContract);
const owner = () => newId('ord');

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [inventory],
    // Reactions listen to orders' topic; nobody calls that service here.
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
    environment: { INVENTORY_EXPIRY_INTERVAL_MS: '50' },
  });
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const levelOf = async (sku: string, locationId: string) => (await api().listLevels({ sku, locationId })).items[0];
const eventsAbout = (subject: string) =>
  platform
    .events('inventory')
    .filter((event) => event.subject === subject)
    .map(({ type }) => type);

describe('time', () => {
  test('what nobody commits in time expires by itself and can be sold again', async () => {
    const at = await stocked(api(), 1);
    const { id: reservationId } = await api().reserveStock({
      ownerId: owner(),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 1,
    });
    await platform.waitForEvent('inventory.expired', ({ subject }) => subject === reservationId);
    expect(await api().getReservation({ reservationId })).toMatchObject({ state: 'expired' });
    expect(await problemOf(api().commitReservation({ reservationId }))).toMatchObject({
      status: 409,
      code: 'RESERVATION_EXPIRED',
    });
    expect(await problemOf(api().extendReservation({ reservationId, expiresInSeconds: 9 }))).toMatchObject({
      code: 'RESERVATION_EXPIRED',
    });
    expect(await api().releaseReservation({ reservationId })).toMatchObject({ state: 'expired' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ reserved: 0, available: 1 });
    await api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 1 }] });
  });

  test('more reservations than one batch of the job expire all', async () => {
    const at = await stocked(api(), 120);
    const due = await Promise.all(
      Array.from({ length: 120 }, () =>
        api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 1 }], expiresInSeconds: 3_600 }),
      ),
    );
    await platform
      .database('inventory')
      .run(`UPDATE reservation SET expires_at = now() WHERE id = ANY ($1::text[])`, [due.map(({ id }) => id)]);
    await Promise.all(due.map(({ id }) => platform.waitForEvent('inventory.expired', ({ subject }) => subject === id)));
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 120, reserved: 0 });
  });

  test('extended, it holds longer, never shorter', async () => {
    const at = await stocked(api(), 1);
    const { id: reservationId } = await api().reserveStock({
      ownerId: owner(),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 1,
    });
    const extended = await api().extendReservation({ reservationId, expiresInSeconds: 600 });
    expect(await api().extendReservation({ reservationId, expiresInSeconds: 1 })).toEqual(extended);
    await sleep(1_300);
    expect(await api().commitReservation({ reservationId })).toMatchObject({
      state: 'committed',
      expiresAt: extended.expiresAt,
    });
  });
});

describe('returns', () => {
  test('put units back where they came from, never more than were taken', async () => {
    const at = await stocked(api(), 5);
    const { id: reservationId } = await api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 4 }] });
    expect(await problemOf(api().returnStock({ reservationId }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'reserved' },
    });
    await api().commitReservation({ reservationId });
    const lines = [{ sku: at.sku, quantity: 3 }];
    expect((await api().returnStock({ reservationId, lines })).lines).toMatchObject([{ quantity: 4, returned: 3 }]);
    expect(await problemOf(api().returnStock({ reservationId, lines }))).toMatchObject({
      status: 409,
      code: 'TOO_MUCH_RETURNED',
      data: { lines: [{ sku: at.sku, requested: 3, returnable: 1 }] },
    });
    await api().returnStock({ reservationId });
    await api().returnStock({ reservationId });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 5, available: 5 });
    expect(
      (await api().listMovements({ causeId: reservationId, kind: 'return_to_stock' })).items.map(
        ({ change }) => change,
      ),
    ).toEqual([1, 3]);
  });

  test('many at once give back each piece once', async () => {
    const at = await stocked(api(), 4);
    const { id: reservationId } = await api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 4 }] });
    await api().commitReservation({ reservationId });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => api().returnStock({ reservationId, lines: [{ sku: at.sku, quantity: 1 }] })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 4 });
  });
});

describe('an order that ends', () => {
  const say = async (type: 'order.cancelled' | 'order.rejected', orderId: string, times = 1) => {
    const kafka = createKafka({
      brokers: platform.kafka,
      clientId: 'orders',
      log: createLogger({ level: 'fatal', service: 'test' }),
    });
    const producer = createProducer(kafka);
    await producer.connect();
    const event = {
      type,
      source: '/orders',
      subject: orderId,
      time: new Date().toISOString(),
      sequence: 9,
      correlationid: `story-of-${orderId}`,
      dataschema: '',
      data: {
        orderId,
        number: 'A-1001',
        customerId: null,
        actor: 'key:test',
        from: 'placed',
        reason: 'changed my mind',
      },
    };
    const messages = Array.from({ length: times }, () => toMessage({ ...event, id: randomUUID() }));
    // The same event twice, as Kafka may deliver it, and the same news under new ids, as orders should never tell it.
    await producer.send({ topic: 'commerce.orders', messages: [...messages, ...messages.slice(0, 1)] });
    await producer.disconnect();
  };

  test('gives back what is reserved and what is committed, once', async () => {
    const at = await stocked(api(), 10);
    const ownerId = owner();
    const reserve = (quantity: number, forOwner = ownerId) =>
      api().reserveStock({ ownerId: forOwner, lines: [{ sku: at.sku, quantity }] });
    const open = await reserve(1);
    const sold = await reserve(2);
    const elsewhere = await reserve(3, owner());
    await api().commitReservation({ reservationId: sold.id });
    await api().returnStock({ reservationId: sold.id, lines: [{ sku: at.sku, quantity: 1 }] });

    await say('order.cancelled', ownerId, 3);
    const said = await platform.waitForEvent('inventory.released', ({ subject }) => subject === open.id);
    expect(said.correlationid).toBe(`story-of-${ownerId}`);
    await platform.waitForEvent('inventory.returned', ({ subject, sequence }) => subject === sold.id && sequence === 4);
    await say('order.rejected', ownerId);
    const after = owner();
    const { id: last } = await reserve(1, after);
    await say('order.rejected', after);
    await platform.waitForEvent('inventory.released', ({ subject }) => subject === last);

    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 10, reserved: 3 });
    expect((await api().getReservation({ reservationId: sold.id })).lines).toMatchObject([
      { quantity: 2, returned: 2 },
    ]);
    expect(await api().getReservation({ reservationId: elsewhere.id })).toMatchObject({ state: 'reserved' });
    const { items } = await api().listMovements({ causeId: sold.id, kind: 'return_to_stock' });
    expect(items.map(({ change, actor }) => [change, actor])).toEqual([
      [1, 'event:order.cancelled'],
      [1, 'key:administrator'],
    ]);
    expect(eventsAbout(open.id)).toEqual(['inventory.reserved', 'inventory.released']);
  });
});
