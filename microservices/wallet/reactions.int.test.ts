import type { Producer } from 'kafkajs';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { PayloadOf } from '../chassis/contract/index.ts';
import { toMessage } from '../chassis/events/envelope.ts';
import { newId, newUuid } from '../chassis/ids.ts';
import { createKafka, createProducer } from '../chassis/kafka/client.ts';
import { until } from '../chassis/testing/until.ts';
import { createLogger } from '../chassis/telemetry/log.ts';
import { ordersContract } from '../orders/contract.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { openOrdersDesk, type OrdersDesk } from './testing/orders-desk.ts';
import { eur, newOrder, newOwner, refusal, remote, usd } from './testing.ts';

// Events of orders come over Kafka as orders would send them: same topic, same envelope, payloads of their contract.
// Orders know of them first.
let desk: OrdersDesk;
let platform: TestPlatform;
let producer: Producer;
beforeAll(async () => {
  desk = await openOrdersDesk();
  platform = await startTestPlatform({
    services: [wallet],
    remote: [
      ...remote.filter(({ contract }) => contract !== ordersContract),
      { contract: ordersContract, url: desk.url },
    ],
  });
  producer = createProducer(
    createKafka({
      brokers: platform.kafka,
      clientId: 'orders',
      log: createLogger({ level: 'fatal', service: 'test' }),
    }),
  );
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await platform.stop();
  await desk.stop();
});
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

type Orders = typeof ordersContract;
type Said = 'order.cancelled' | 'order.rejected' | 'refund.issued';

const say = async <Name extends Said>(type: Name, data: PayloadOf<Orders, Name>, id = newUuid()): Promise<void> => {
  const at = new Date().toISOString();
  const event = {
    id,
    type,
    source: '/orders',
    subject: data.orderId,
    time: at,
    sequence: 1,
    correlationid: newUuid(),
    dataschema: '',
    data,
  };
  await producer.send({ topic: 'commerce.orders', messages: [toMessage(event)] });
};
const about = (orderId: string) => ({ orderId, number: 'F-1', customerId: null, actor: 'test' });
const sayCancelled = (orderId: string, id?: string) =>
  say('order.cancelled', { ...about(orderId), from: 'confirmed' }, id);
const sayRejected = (orderId: string) => say('order.rejected', { ...about(orderId), from: 'placed' });
const cancel = (orderId: string, id?: string) => {
  desk.ended(orderId, 'cancelled');
  return sayCancelled(orderId, id);
};
const reject = (orderId: string) => {
  desk.ended(orderId, 'rejected');
  return sayRejected(orderId);
};
const issueRefund = (orderId: string, holdId: string | null, amount = eur(20), refundId = newId('rfd')) => {
  desk.issued(orderId, { id: refundId, holdId, amount });
  return sayIssued(orderId, holdId, amount, refundId);
};
const sayIssued = (orderId: string, holdId: string | null, amount = eur(20), refundId = newId('rfd')) =>
  say('refund.issued', {
    ...about(orderId),
    refundId,
    holdId,
    amount,
    lines: [],
    shipping: { ...amount, amount: 0 },
    reason: 'broken',
  });

const api = () => platform.client(walletContract);
const newHold = async (amount = 60) => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
  return api().authorizeHold({ ownerId, amount: eur(amount), reference: newOrder() });
};
const balanceOf = async (ownerId: string) => (await api().getBalance({ ownerId, currency: 'EUR' })).items[0];
const eventOf = (type: string, subject: string) => platform.waitForEvent(type, (event) => event.subject === subject);
const countOf = (type: string, subject: string) =>
  platform.events('wallet').filter((event) => event.type === type && event.subject === subject).length;
/** Orders' events of one order are handled in order: when this one has had its effect, so have those before it. */
const handled = async (orderId: string): Promise<void> => {
  const holdId = newId('hld');
  await issueRefund(orderId, holdId);
  await platform.waitForEvent('payment.refund_failed', ({ data }) => (data as { holdId: string }).holdId === holdId);
};

describe('when an order is cancelled or rejected', () => {
  test('its open hold is voided', async () => {
    const hold = await newHold();
    await cancel(hold.reference);
    expect((await eventOf('wallet.released', hold.id)).data).toMatchObject({ cause: 'voided', amount: eur(60) });
    expect(await api().getHold({ holdId: hold.id })).toMatchObject({ state: 'voided' });
    expect(await balanceOf(hold.ownerId)).toMatchObject({ available: 100 });
  });

  test('what it paid is refunded', async () => {
    const hold = await newHold();
    await api().captureHold({ holdId: hold.id });
    await api().refundCapture({ holdId: hold.id, amount: eur(10), reason: 'late', reference: 'rfd_1' });
    await reject(hold.reference);
    const refunded = await platform.waitForEvent(
      'wallet.refunded',
      ({ subject, data }) => subject === hold.id && (data as { refundReference: string }).refundReference !== 'rfd_1',
    );
    expect(refunded.data).toMatchObject({
      refundReference: `${hold.reference}/cancelled`,
      amount: eur(50),
      refunded: eur(60),
    });
    expect(await balanceOf(hold.ownerId)).toMatchObject({ balance: 100 });
  });

  test('a part that was captured is refunded and the rest released, over all of its holds', async () => {
    const first = await newHold(60);
    const second = await api().authorizeHold({ ownerId: first.ownerId, amount: eur(40), reference: first.reference });
    await api().captureHold({ holdId: first.id, amount: eur(25), final: false });
    await cancel(first.reference);
    await eventOf('wallet.refunded', first.id);
    await eventOf('wallet.released', second.id);
    expect(await api().getHold({ holdId: first.id })).toMatchObject({
      state: 'captured',
      captured: eur(25),
      refunded: eur(25),
    });
    expect(await balanceOf(first.ownerId)).toEqual({
      currency: 'EUR',
      balance: 100,
      held: 0,
      available: 100,
      credit: 0,
    });
  });

  test('a hold that a journey asks for too late is refused', async () => {
    const hold = await newHold(10);
    await cancel(hold.reference);
    await eventOf('wallet.released', hold.id);
    const late = api().authorizeHold({ ownerId: hold.ownerId, amount: eur(10), reference: hold.reference });
    expect(await refusal(late)).toMatchObject({
      code: 'REFERENCE_CLOSED',
      status: 409,
      data: { reference: hold.reference },
    });
    expect((await eventOf('payment.failed', hold.reference)).data).toMatchObject({ reason: 'reference_closed' });
  });

  test('a repeated event, under the same or another id, has one effect', async () => {
    const hold = await newHold();
    await api().captureHold({ holdId: hold.id });
    const id = newUuid();
    await cancel(hold.reference, id);
    await cancel(hold.reference, id);
    await cancel(hold.reference);
    await handled(hold.reference);
    expect(await balanceOf(hold.ownerId)).toMatchObject({ balance: 100 });
    await eventOf('wallet.refunded', hold.id);
    expect(countOf('wallet.refunded', hold.id)).toBe(1);
  });

  test('an order that the wallet does not know changes nothing', async () => {
    const orderId = newOrder();
    await cancel(orderId);
    await handled(orderId);
    expect((await api().listHolds({ reference: orderId })).items).toEqual([]);
  });

  test('30 holds authorized while it is cancelled: none is left open', async () => {
    const ownerId = newOwner();
    const reference = newOrder();
    await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
    const holds = Array.from({ length: 30 }, async (_, index) => {
      if (index === 15) await cancel(reference);
      await api().authorizeHold({ ownerId, amount: eur(1 + (index % 3)), reference });
    });
    await Promise.allSettled(holds);
    await handled(reference);
    expect((await api().listHolds({ reference, state: 'authorized' })).items).toEqual([]);
    expect(await balanceOf(ownerId)).toMatchObject({ available: 100 });
  });
});

describe('when orders issue a refund', () => {
  test('its money moves once, however often the event or the request is repeated', async () => {
    const hold = await newHold();
    await api().captureHold({ holdId: hold.id });
    const refundId = newId('rfd');
    await issueRefund(hold.reference, hold.id, eur(20), refundId);
    expect((await eventOf('wallet.refunded', hold.id)).data).toMatchObject({
      refundReference: refundId,
      amount: eur(20),
    });
    await issueRefund(hold.reference, hold.id, eur(20), refundId);
    await api().refundCapture({ holdId: hold.id, amount: eur(20), reason: 'again', reference: refundId });
    await handled(hold.reference);
    expect(await balanceOf(hold.ownerId)).toMatchObject({ balance: 60 });
  });

  test('one that cannot be made is announced with the reason', async () => {
    const hold = await newHold();
    await api().captureHold({ holdId: hold.id });
    const issued = [
      { amount: eur(61), reason: 'exceeds_captured' },
      { amount: usd(1), reason: 'another_currency' },
    ];
    for (const { amount, reason } of issued) {
      const refundId = newId('rfd');
      await issueRefund(hold.reference, hold.id, amount, refundId);
      const failed = await platform.waitForEvent(
        'payment.refund_failed',
        ({ data }) => (data as { refundId: string }).refundId === refundId,
      );
      expect(failed).toMatchObject({ subject: hold.reference, data: { holdId: hold.id, amount, reason } });
    }
    // A hold of another order is none of this one's.
    const stranger = newOrder();
    await issueRefund(stranger, hold.id, eur(5));
    const other = await eventOf('payment.refund_failed', stranger);
    expect(other.data).toMatchObject({ holdId: hold.id, reason: 'hold_not_found' });
    expect(await balanceOf(hold.ownerId)).toMatchObject({ balance: 40 });
  });

  test('cash moves no money in the wallet', async () => {
    const orderId = newOrder();
    await issueRefund(orderId, null);
    await handled(orderId);
    expect(countOf('payment.refund_failed', orderId)).toBe(1); // that of `handled`
  });

  test('after the order was cancelled it is part of what went back then', async () => {
    const hold = await newHold();
    await api().captureHold({ holdId: hold.id });
    await cancel(hold.reference);
    await issueRefund(hold.reference, hold.id, eur(20));
    await handled(hold.reference);
    expect(await balanceOf(hold.ownerId)).toMatchObject({ balance: 100 });
    expect(countOf('payment.refund_failed', hold.reference)).toBe(1);
  });
});

describe('an event that orders know nothing of', () => {
  test('moves nothing: no hold is given back, nothing is refunded, no reference is closed', async () => {
    const open = await newHold(60);
    const paid = await newHold(60);
    await api().captureHold({ holdId: paid.id });
    const known = await newHold(10);
    desk.issued(known.reference, { id: newId('rfd'), holdId: known.id, amount: eur(1) });
    for (const hold of [open, paid, known]) {
      await sayCancelled(hold.reference);
      await sayRejected(hold.reference);
      await sayIssued(hold.reference, hold.id, eur(20));
      await handled(hold.reference);
    }
    expect(await balanceOf(open.ownerId)).toMatchObject({ balance: 100, held: 60 });
    expect(await balanceOf(paid.ownerId)).toMatchObject({ balance: 40 });
    expect(await api().getHold({ holdId: known.id })).toMatchObject({ state: 'authorized', refunded: eur(0) });
    await api().authorizeHold({ ownerId: open.ownerId, amount: eur(1), reference: open.reference });
  });

  test('moves what orders say, whatever amount and hold it names', async () => {
    const hold = await newHold(60);
    await api().captureHold({ holdId: hold.id });
    const refundId = newId('rfd');
    desk.issued(hold.reference, { id: refundId, holdId: hold.id, amount: eur(5) });
    await sayIssued(hold.reference, hold.id, eur(60), refundId);
    expect((await eventOf('wallet.refunded', hold.id)).data).toMatchObject({ amount: eur(5), refunded: eur(5) });
  });
});

test('while orders are away an event waits, and has its effect when they are back', async () => {
  const hold = await newHold();
  desk.close(true);
  await cancel(hold.reference);
  await until('the wallet asked', () => desk.turnedAway() > 0);
  expect(await api().getHold({ holdId: hold.id })).toMatchObject({ state: 'authorized' });
  desk.close(false);
  await eventOf('wallet.released', hold.id);
  expect(await api().getHold({ holdId: hold.id })).toMatchObject({ state: 'voided' });
});
