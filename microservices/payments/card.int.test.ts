import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { withWallet } from '../../infra/test/with-wallet.ts';
import { until } from '../chassis/testing/until.ts';
import { paymentsContract } from './contract.ts';
import { payments } from './index.ts';
import { besideOrders, booksOf, eur, newCart, newPayer } from './testing.ts';

let platform: TestPlatform;
let ahead = 0;
beforeAll(async () => {
  platform = await startTestPlatform({
    services: withWallet(payments),
    ...besideOrders,
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(() => platform.stop());

const api = () => platform.client(paymentsContract);
const stateOf = async (paymentId: string) => (await api().getPayment({ paymentId })).state;
const typesOf = (paymentId: string): string[] =>
  platform
    .events('payments')
    .filter(({ subject }) => subject === paymentId)
    .map(({ type }) => type);
const created = async (amount = 5_000) =>
  (await api().createPayment({ cartId: newCart(), customerId: await newPayer(platform), amount: eur(amount) })).id;
const settled = async (): Promise<void> => {
  await until('all is settled', async () => {
    const { unposted, unsettled } = await api().auditPayments({});
    return unposted === 0 && unsettled === 0;
  });
  expect(await api().auditPayments({})).toMatchObject({ consistent: true, problems: [] });
};
/** The bank's page at the address that the payment gives, served by the platform under test. */
const onPage = async (url: string, fields?: Record<string, string>): Promise<string> => {
  const response = await fetch(new URL(new URL(url).pathname, platform.url), {
    ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}),
  });
  return response.text();
};
const actionOf = async (paymentId: string): Promise<string> =>
  (await api().getPayment({ paymentId })).parts[0]?.action?.url ?? '';

test('a card pays, is captured twice and refunded; the ledger mirrors it', async () => {
  const before = await booksOf(platform);
  const paymentId = await created();
  expect(await api().authorizePayment({ paymentId, token: 'tok_pays' })).toMatchObject({
    state: 'authorized',
    parts: [{ card: { brand: 'visa', last4: '4242' } }],
  });
  await api().capturePayment({ paymentId, amount: eur(2_000), final: false });
  await api().capturePayment({ paymentId, amount: eur(1_000) });
  await api().refundPayment({ paymentId, amount: eur(500), reason: 'one was broken', reference: 'rfd_1' });
  expect(await api().getPayment({ paymentId })).toMatchObject({
    state: 'partially_refunded',
    authorized: eur(5_000),
    captured: eur(3_000),
    refunded: eur(500),
  });
  await settled();
  expect(((await booksOf(platform))['card_clearing'] ?? 0) - (before['card_clearing'] ?? 0)).toBe(2_500);
});

test('a declined card is declined; another one pays the same payment', async () => {
  const paymentId = await created();
  await expect(api().authorizePayment({ paymentId, token: 'tok_declines' })).rejects.toMatchObject({
    code: 'PAYMENT_DECLINED',
    data: { failure: 'card_declined' },
  });
  expect(await api().authorizePayment({ paymentId, token: 'tok_pays' })).toMatchObject({ state: 'authorized' });
  await until('both are told', () => typesOf(paymentId).length === 3);
  expect(typesOf(paymentId)).toEqual(['payment.created', 'payment.declined', 'payment.authorized']);
});

test('the bank’s page takes the card’s number, asks to confirm, and its notice brings the rest', async () => {
  const paymentId = await created();
  expect(await api().authorizePayment({ paymentId, returnUrl: 'https://shop.example/thanks' })).toMatchObject({
    state: 'requires_action',
  });
  const url = await actionOf(paymentId);
  expect(await onPage(url, { number: '4111 1111 1111 1111' })).toContain('This is no test card');
  expect(await onPage(url, { number: '4000 0027 6000 3184' })).toContain('Your bank asks');
  expect(await onPage(url, { answer: 'confirm' })).toContain('https://shop.example/thanks');
  await platform.waitForEvent('payment.authorized', ({ subject }) => subject === paymentId);
  expect(await api().capturePayment({ paymentId })).toMatchObject({ state: 'captured', captured: eur(5_000) });
});

test('who does not confirm is declined; who never comes back expires', async () => {
  const [refused, left] = [await created(), await created()];
  await api().authorizePayment({ paymentId: refused, token: 'tok_asks' });
  await onPage(await actionOf(refused), { answer: 'refuse' });
  await platform.waitForEvent('payment.declined', ({ subject }) => subject === refused);
  await api().authorizePayment({ paymentId: left, token: 'tok_asks' });
  ahead += 2 * 3_600_000;
  await platform.waitForEvent('payment.expired', ({ subject }) => subject === left);
  expect(await stateOf(left)).toBe('expired');
});

test.each(['tok_times_out', 'tok_late_notices', 'tok_chaos'])(
  'with %s one capture and one refund are made',
  async (token) => {
    const paymentId = await created();
    await api().authorizePayment({ paymentId, token });
    await api().capturePayment({ paymentId });
    await api().refundPayment({ paymentId, amount: eur(1_500), reason: 'late', reference: `rfd_${token}` });
    expect(await api().getPayment({ paymentId })).toMatchObject({ captured: eur(5_000), refunded: eur(1_500) });
    // Every notice twice, the last first.
    ahead += 10_000;
    const bank = platform.database('payments');
    await until('all notices are delivered', async () => {
      const { left } = await bank.one<{ left: number }>(
        'SELECT coalesce(sum(deliveries), 0)::int AS left FROM bank_notice',
      );
      return left === 0;
    });
    await settled();
    expect(typesOf(paymentId)).toEqual([
      'payment.created',
      'payment.authorized',
      'payment.captured',
      'payment.refunded',
    ]);
    const { captured, refunded } = await bank.one<{ captured: number; refunded: number }>(
      'SELECT b.captured, b.refunded FROM bank_payment b JOIN payment_part p ON p.provider_payment_id = b.id WHERE p.payment_id = $1',
      [paymentId],
    );
    expect([captured, refunded]).toEqual([5_000, 1_500]);
  },
);

test('a hold that the bank has ended is not captured, and a refund that it refuses is said so', async () => {
  const ended = await created();
  await api().authorizePayment({ paymentId: ended, token: 'tok_hold_ends' });
  await expect(api().capturePayment({ paymentId: ended })).rejects.toMatchObject({
    code: 'PROVIDER_REFUSED',
    data: { failure: 'authorization_expired' },
  });
  expect(await stateOf(ended)).toBe('expired');
  const paid = await created();
  await api().authorizePayment({ paymentId: paid, token: 'tok_refuses_refunds' });
  await api().capturePayment({ paymentId: paid });
  await expect(
    api().refundPayment({ paymentId: paid, amount: eur(1), reason: 'x', reference: 'rfd_x' }),
  ).rejects.toMatchObject({ code: 'PROVIDER_REFUSED', data: { failure: 'refund_refused' } });
  expect(await api().getPayment({ paymentId: paid })).toMatchObject({ refunded: eur(0) });
});

test('a notice with a wrong signature changes nothing', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(new URL('/webhooks/payments/test-bank', platform.url), { method: 'POST', headers, body: '{"id":"x"}' });
  const forged = `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}`;
  expect((await send({ 'test-bank-signature': forged })).status).toBe(400);
  expect((await send({})).status).toBe(400);
  expect((await fetch(new URL('/webhooks/payments/nobody', platform.url), { method: 'POST' })).status).toBe(404);
});

test('no card’s number is taken by the API, and none is in a table, an event or an answer', async () => {
  const paymentId = await created();
  await expect(api().authorizePayment({ paymentId, token: '4242424242424242' })).rejects.toMatchObject({ status: 400 });
  await api().authorizePayment({ paymentId });
  await onPage(await actionOf(paymentId), { number: '4242424242424242' });
  await platform.waitForEvent('payment.authorized', ({ subject }) => subject === paymentId);
  const database = platform.database('payments');
  const tables = await database.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'payments' AND table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const { name } of tables) {
    const { text } = await database.one<{ text: string }>(
      `SELECT coalesce(string_agg(t::text, ''), '') AS text FROM ${name} t`,
    );
    expect([name, /(?<!\d)4[0-9]{15}(?!\d)/.test(text)]).toEqual([name, false]);
  }
  expect(JSON.stringify(platform.events('payments'))).not.toMatch(/4242424242424242/);
});
