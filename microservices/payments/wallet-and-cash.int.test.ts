import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { withWallet } from '../../infra/test/with-wallet.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { until } from '../chassis/testing/until.ts';
import { customersContract } from '../customers/contract.ts';
import { paymentsContract } from './contract.ts';
import { payments } from './index.ts';
import { besideOrders, booksOf, eur, newCart, newPayer, walletOf } from './testing.ts';

let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const services = withWallet(payments);

beforeAll(async () => {
  platform = await startTestPlatform({ services, ...besideOrders, now });
  twin = await startTwin(platform, { services, ...besideOrders, now });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});

const api = () => platform.client(paymentsContract);
const both = (index: number) =>
  index % 2 === 0 ? api() : createClient(paymentsContract, { url: twin.url, credential: platform.adminKey });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const typesOf = (paymentId: string): string[] =>
  platform
    .events('payments')
    .filter(({ subject }) => subject === paymentId)
    .map(({ type }) => type);

type Part = { method: 'wallet' | 'cash_on_delivery'; amount?: ReturnType<typeof eur> };
const created = async (customerId: string, amount: number, parts: Part[]) =>
  api().createPayment({ cartId: newCart(), customerId, amount: eur(amount), parts });

/** The ledger has all that payments moved, and says the same of it. */
const settled = async (): Promise<void> => {
  await until('all is posted', async () => (await api().auditPayments({})).unposted === 0);
  expect(await api().auditPayments({})).toMatchObject({ consistent: true, problems: [], unsettled: 0 });
};

test('a payment from wallet and cash is held, captured twice, refunded, and mirrored on the ledger', async () => {
  const customerId = await newPayer(platform, 1_000);
  const before = await booksOf(platform);
  const { id: paymentId, parts } = await created(customerId, 1_500, [
    { method: 'wallet', amount: eur(1_000) },
    { method: 'cash_on_delivery' },
  ]);
  expect(parts.map(({ amount, state }) => [amount.amount, state])).toEqual([
    [1_000, 'pending'],
    [500, 'pending'],
  ]);
  expect(await api().authorizePayment({ paymentId })).toMatchObject({ state: 'authorized', authorized: eur(1_500) });
  expect(await walletOf(platform, customerId)).toEqual({ balance: 1_000, held: 1_000 });

  expect(await api().capturePayment({ paymentId, amount: eur(600), final: false })).toMatchObject({
    state: 'partially_captured',
    captured: eur(600),
  });
  expect(await api().capturePayment({ paymentId })).toMatchObject({ state: 'captured', captured: eur(1_500) });
  expect(await walletOf(platform, customerId)).toEqual({ balance: 0, held: 0 });

  const refund = { paymentId, amount: eur(700), reason: 'damaged', reference: 'rfd_1' };
  expect(await api().refundPayment(refund)).toMatchObject({ state: 'partially_refunded', refunded: eur(700) });
  expect(await api().refundPayment(refund)).toMatchObject({ refunded: eur(700) });
  await expect(api().refundPayment({ ...refund, amount: eur(1) })).rejects.toMatchObject({ code: 'REFERENCE_USED' });
  expect(await walletOf(platform, customerId)).toEqual({ balance: 200, held: 0 });

  await settled();
  const books = await booksOf(platform);
  expect((books['cash_clearing'] ?? 0) - (before['cash_clearing'] ?? 0)).toBe(0);
  expect((books['sales'] ?? 0) - (before['sales'] ?? 0)).toBe(-1_500);
  expect((books['refunds'] ?? 0) - (before['refunds'] ?? 0)).toBe(700);
  await platform.waitForEvent('payment.refunded', ({ subject }) => subject === paymentId);
  await until('all events are there', () => typesOf(paymentId).length === 7);
  expect(typesOf(paymentId)).toEqual([
    'payment.created',
    'payment.authorized',
    'payment.captured',
    'payment.captured',
    'payment.captured',
    'payment.refunded',
    'payment.refunded',
  ]);
});

test('what the wallet lacks is declined; after a top-up the same payment goes on', async () => {
  const customerId = await newPayer(platform, 10);
  const { id: paymentId } = await created(customerId, 50, [{ method: 'wallet' }]);
  await expect(api().authorizePayment({ paymentId })).rejects.toMatchObject({
    status: 402,
    code: 'PAYMENT_DECLINED',
    data: { failure: 'insufficient_funds', method: 'wallet' },
  });
  expect(await api().getPayment({ paymentId })).toMatchObject({ state: 'failed', authorized: eur(0) });
  await expect(api().capturePayment({ paymentId })).rejects.toMatchObject({
    code: 'ILLEGAL_STATE',
    data: { state: 'failed', allowed: ['authorize', 'void', 'expire'] },
  });
  expect(await api().voidPayment({ paymentId })).toMatchObject({ state: 'voided' });
  expect(await api().voidPayment({ paymentId })).toMatchObject({ state: 'voided' });
});

test('over two processes: 15 captures of 20 on 100 are exactly 5, then 15 refunds of 20 exactly 5', async () => {
  const customerId = await newPayer(platform, 50);
  const { id: paymentId } = await created(customerId, 100, [
    { method: 'wallet', amount: eur(50) },
    { method: 'cash_on_delivery' },
  ]);
  await api().authorizePayment({ paymentId });
  const capture = (index: number) => both(index).capturePayment({ paymentId, amount: eur(20), final: false });
  const { OK, ...refused } = await tally(times(15, capture));
  expect([OK, Object.keys(refused).filter((code) => !TOO_LATE.includes(code))]).toEqual([5, []]);
  expect(await api().getPayment({ paymentId })).toMatchObject({ captured: eur(100), state: 'captured' });
  const refund = (index: number) =>
    both(index).refundPayment({ paymentId, amount: eur(20), reason: 'race', reference: `rfd_${index}` });
  expect(await tally(times(15, refund))).toEqual({ OK: 5, REFUND_EXCEEDS_CAPTURE: 10 });
  expect(await api().getPayment({ paymentId })).toMatchObject({ refunded: eur(100), state: 'refunded' });
  expect(await walletOf(platform, customerId)).toEqual({ balance: 50, held: 0 });
  await settled();
});
const TOO_LATE = ['CAPTURE_EXCEEDS_AUTHORIZED', 'ILLEGAL_STATE'];

test('a cart has one payment at a time, and the last capture sets the rest free', async () => {
  const customerId = await newPayer(platform, 100);
  const cartId = newCart();
  const create = (index: number) =>
    both(index).createPayment({ cartId, customerId, amount: eur(100), parts: [{ method: 'wallet' }] });
  expect(await tally(times(10, create))).toEqual({ OK: 1, ALREADY_BEING_PAID: 9 });
  const [payment] = (await api().listPayments({ customerId })).items;
  const paymentId = payment?.id ?? '';
  await api().authorizePayment({ paymentId });
  expect(await api().capturePayment({ paymentId, amount: eur(30) })).toMatchObject({ state: 'captured' });
  expect(await walletOf(platform, customerId)).toEqual({ balance: 70, held: 0 });
});

test('a payment that is not authorized or captured in time expires and sets its money free', async () => {
  const customerId = await newPayer(platform, 100);
  const held = await created(customerId, 60, [{ method: 'wallet' }]);
  await api().authorizePayment({ paymentId: held.id });
  const waiting = await created(customerId, 40, [{ method: 'wallet' }]);
  ahead += 8 * 86_400_000;
  for (const { id } of [held, waiting]) await platform.waitForEvent('payment.expired', ({ subject }) => subject === id);
  expect(await walletOf(platform, customerId)).toEqual({ balance: 100, held: 0 });
  await expect(api().authorizePayment({ paymentId: waiting.id })).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
});

test('amounts without and with three decimals are split to the last unit', async () => {
  for (const [currency, amount] of [
    ['JPY', 101],
    ['KWD', 1_001],
  ] as const) {
    const customerId = await newPayer(platform, amount, currency);
    const { id: paymentId, parts } = await api().createPayment({
      cartId: newCart(),
      customerId,
      amount: { amount, currency },
      parts: [{ method: 'wallet' }, { method: 'cash_on_delivery' }],
    });
    expect(parts.map((part) => part.amount.amount)).toEqual([Math.ceil(amount / 2), Math.floor(amount / 2)]);
    await api().authorizePayment({ paymentId });
    expect(await api().capturePayment({ paymentId })).toMatchObject({ captured: { amount, currency } });
  }
  await settled();
});

describe('a customer', () => {
  test('who is merged takes the payments along; one who is erased leaves amounts only', async () => {
    const staff = platform.client(customersContract);
    const [customerId, fromCustomerId] = [await newPayer(platform), await newPayer(platform)];
    const { id: paymentId } = await created(fromCustomerId, 10, [{ method: 'cash_on_delivery' }]);
    await api().authorizePayment({ paymentId });
    await api().capturePayment({ paymentId });
    await api().refundPayment({ paymentId, amount: eur(4), reason: 'asked by Erika', reference: 'rfd_e' });
    await staff.mergeCustomers({ customerId, fromCustomerId });
    await until('it has moved', async () => (await api().listPayments({ customerId })).items.length === 1);
    await staff.eraseCustomer({ customerId });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    expect(await api().getPayment({ paymentId })).toMatchObject({ captured: eur(10), refunded: eur(4) });
    const rows = await platform
      .database('payments')
      .rows('SELECT reason FROM operation WHERE payment_id = $1', [paymentId]);
    expect(JSON.stringify(rows)).not.toContain('Erika');
  });
});
