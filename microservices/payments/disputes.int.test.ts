import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { withWallet } from '../../infra/test/with-wallet.ts';
import { until } from '../chassis/testing/until.ts';
import { paymentsContract } from './contract.ts';
import { payments } from './index.ts';
import { besideOrders, booksOf, eur, newCart, newPayer } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({
    services: withWallet(payments),
    remote: besideOrders.remote,
    environment: { ...besideOrders.environment, PAYMENTS_TEST_BANK_SETTLES_IN: 'USD' },
  });
});
afterAll(() => platform.stop());

const api = () => platform.client(paymentsContract);
const captured = async (token: string, amount = 5_000) => {
  const customerId = await newPayer(platform);
  const { id: paymentId } = await api().createPayment({ cartId: newCart(), customerId, amount: eur(amount) });
  await api().authorizePayment({ paymentId, token });
  await api().capturePayment({ paymentId });
  return paymentId;
};
const disputed = async () => {
  const paymentId = await captured('tok_disputes');
  const { data } = await platform.waitForEvent('payment.dispute_opened', ({ subject }) => subject === paymentId);
  return { paymentId, disputeId: String((data as { disputeId: unknown }).disputeId) };
};
const settled = async (): Promise<void> => {
  await until('all is posted', async () => (await api().auditPayments({})).unposted === 0);
  expect(await api().auditPayments({})).toMatchObject({ consistent: true, problems: [] });
};

test('a disputed payment is not refunded as well; evidence wins the money back', async () => {
  const before = await booksOf(platform);
  const { paymentId, disputeId } = await disputed();
  expect(await api().getPayment({ paymentId })).toMatchObject({ state: 'captured', disputed: eur(5_000) });
  await expect(
    api().refundPayment({ paymentId, amount: eur(1), reason: 'x', reference: 'rfd_1' }),
  ).rejects.toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE', data: { refundable: null } });
  const evidence = 'Ordered, shipped with tracking, delivered and signed for.';
  expect(await api().submitEvidence({ disputeId, evidence })).toMatchObject({ state: 'won', evidence });
  await expect(api().submitEvidence({ disputeId, evidence: 'more' })).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
  await platform.waitForEvent('payment.dispute_closed', ({ subject }) => subject === paymentId);
  expect(await api().getPayment({ paymentId })).toMatchObject({ disputed: eur(0) });
  await settled();
  expect(((await booksOf(platform))['chargebacks'] ?? 0) - (before['chargebacks'] ?? 0)).toBe(0);
});

test('a lost dispute is an expense', async () => {
  const before = await booksOf(platform);
  const { paymentId, disputeId } = await disputed();
  expect(await api().submitEvidence({ disputeId, evidence: 'losing evidence' })).toMatchObject({ state: 'lost' });
  expect(await api().getPayment({ paymentId })).toMatchObject({ disputed: eur(5_000) });
  await settled();
  expect(((await booksOf(platform))['chargebacks'] ?? 0) - (before['chargebacks'] ?? 0)).toBe(5_000);
});

test('a report that agrees is booked with its fees, once; what one side lacks is listed', async () => {
  const from = new Date().toISOString();
  const paymentId = await captured('tok_pays', 10_000);
  await api().refundPayment({ paymentId, amount: eur(2_000), reason: 'x', reference: 'rfd_2' });
  const period = { from, to: new Date(Date.now() + 60_000).toISOString() };
  expect(await api().reconcilePayments(period)).toMatchObject({
    lines: 2,
    matched: 2,
    differences: [],
    fees: [{ amount: 154 + 25, currency: 'USD' }],
  });
  await api().reconcilePayments(period);
  await settled();
  const dollars = await booksOf(platform, 'USD');
  // 110.00 for the capture less 22.00 for the refund and 1.79 of fees.
  expect(dollars).toEqual({ card_clearing: 11_000 - 2_200 - 179, exchange: -11_000 + 2_200, psp_fees: 179 });

  const { operations } = await api().getPayment({ paymentId });
  const ids = Object.fromEntries(operations.map(({ kind, id }) => [kind, id]));
  const bank = platform.database('payments');
  await bank.run('DELETE FROM bank_movement WHERE key = $1', [ids['refund'] ?? '']);
  await bank.run('UPDATE bank_movement SET amount = 9999 WHERE key = $1', [ids['capture'] ?? '']);
  await bank.run(
    `INSERT INTO bank_movement (key, payment_id, kind, amount, status, at)
     SELECT 'txn_theirs', payment_id, kind, 7, status, at FROM bank_movement WHERE key = $1`,
    [ids['capture'] ?? ''],
  );
  const { matched, differences } = await api().reconcilePayments(period);
  expect(matched).toBe(0);
  expect(differences).toEqual([
    { kind: 'amount', reference: ids['capture'], here: eur(10_000), atProvider: eur(9_999) },
    { kind: 'not_here', reference: 'txn_theirs', here: null, atProvider: eur(7) },
    { kind: 'not_at_provider', reference: ids['refund'], here: eur(2_000), atProvider: null },
  ]);
  await platform.waitForEvent('payment.difference_found');
  expect((await api().listReconciliations({})).items).toHaveLength(3);
});
