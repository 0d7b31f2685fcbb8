import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOrder, newOwner, refusal, remote, usd } from './testing.ts';

let platform: TestPlatform;
/** The platform's clock runs this many milliseconds ahead. */
let ahead = 0;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote, now: () => new Date(Date.now() + ahead) });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const balanceOf = async (ownerId: string) => (await api().getBalance({ ownerId, currency: 'EUR' })).items[0];
const newHold = async (amount = 60, expiresInSeconds = 3_600) => {
  const ownerId = newOwner();
  await api().topUp({ ownerId, amount: eur(100), reference: 'card' });
  return api().authorizeHold({ ownerId, amount: eur(amount), reference: newOrder(), expiresInSeconds });
};
const eventOf = (type: string, holdId: string) => platform.waitForEvent(type, ({ subject }) => subject === holdId);

describe('a hold', () => {
  test('holds money; its capture pays and releases the rest', async () => {
    const hold = await newHold();
    expect(hold).toMatchObject({ state: 'authorized', amount: eur(60), captured: eur(0), refunded: eur(0) });
    expect(await balanceOf(hold.ownerId)).toEqual({
      currency: 'EUR',
      balance: 100,
      held: 60,
      available: 40,
      credit: 0,
    });

    expect(await api().captureHold({ holdId: hold.id, amount: eur(45) })).toMatchObject({
      state: 'captured',
      captured: eur(45),
    });
    expect(await balanceOf(hold.ownerId)).toEqual({ currency: 'EUR', balance: 55, held: 0, available: 55, credit: 0 });
    expect(await api().getHold({ holdId: hold.id })).toMatchObject({ state: 'captured', captured: eur(45) });

    expect((await eventOf('wallet.held', hold.id)).sequence).toBe(1);
    expect(await eventOf('wallet.captured', hold.id)).toMatchObject({
      sequence: 2,
      data: { amount: eur(45), reference: hold.reference },
    });
    expect(await eventOf('wallet.released', hold.id)).toMatchObject({
      sequence: 3,
      data: { amount: eur(15), cause: 'captured' },
    });
  });

  test('can be captured in parts while the rest stays held', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId, amount: eur(10), final: false });
    expect(await api().captureHold({ holdId, amount: eur(20), final: false })).toMatchObject({
      state: 'partially_captured',
      captured: eur(30),
    });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 70, held: 30 });
    expect(await refusal(api().captureHold({ holdId, amount: eur(31) }))).toMatchObject({
      code: 'CAPTURE_EXCEEDS_HOLD',
      data: { remaining: eur(30), requested: eur(31) },
    });
    expect(await api().captureHold({ holdId })).toMatchObject({ state: 'captured', captured: eur(60) });
    expect(await refusal(api().captureHold({ holdId }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      status: 409,
      data: { state: 'captured', allowed: ['refund'] },
    });
  });

  test('that is voided frees its money, once, and can be voided again', async () => {
    const { id: holdId, ownerId } = await newHold();
    expect(await api().voidHold({ holdId })).toMatchObject({ state: 'voided' });
    expect(await api().voidHold({ holdId })).toMatchObject({ state: 'voided' });
    expect(await balanceOf(ownerId)).toMatchObject({ available: 100, held: 0 });
    expect(await eventOf('wallet.released', holdId)).toMatchObject({
      sequence: 2,
      data: { cause: 'voided', amount: eur(60) },
    });
    expect(await refusal(api().captureHold({ holdId }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'voided', allowed: ['void'] },
    });
  });

  test('voided after a part was captured keeps that part', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId, amount: eur(10), final: false });
    expect(await api().voidHold({ holdId })).toMatchObject({ state: 'captured', captured: eur(10) });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 90, held: 0 });
  });

  test('that expires frees its money by itself and cannot be captured', async () => {
    const { id: holdId, ownerId, expiresAt } = await newHold(60, 3_600);
    ahead += 3_600_000;
    expect(await refusal(api().captureHold({ holdId }))).toMatchObject({
      code: expect.stringMatching(/HOLD_EXPIRED|ILLEGAL_STATE/) as string,
    });
    expect(await eventOf('wallet.released', holdId)).toMatchObject({
      data: { cause: 'expired', amount: eur(60), state: 'expired' },
    });
    expect(await api().getHold({ holdId })).toMatchObject({ state: 'expired', expiresAt });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100, held: 0 });
  });

  test('is refused for lack of money, and the refusal is announced and remembered', async () => {
    const ownerId = newOwner();
    const reference = newOrder();
    const ask = () =>
      api().authorizeHold({ ownerId, amount: eur(5), reference }, { idempotencyKey: `hold-${reference}` });
    expect(await refusal(ask())).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      status: 402,
      data: { available: eur(0), requested: eur(5) },
    });
    await api().topUp({ ownerId, amount: eur(100), reference: 'late' });
    expect(await refusal(ask())).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    const failed = await platform.waitForEvent('payment.failed', ({ subject }) => subject === reference);
    expect(failed.data).toEqual({ ownerId, reference, amount: eur(5), reason: 'insufficient_funds' });
    expect(platform.events('wallet').filter(({ subject }) => subject === reference)).toHaveLength(1);
  });

  test('that does not exist is not found', async () => {
    const holdId = newId('hld');
    const calls = [
      () => api().getHold({ holdId }),
      () => api().captureHold({ holdId }),
      () => api().voidHold({ holdId }),
      () => api().refundCapture({ holdId, amount: eur(1), reason: 'x', reference: 'r' }),
    ];
    for (const call of calls) expect(await refusal(call())).toMatchObject({ code: 'HOLD_NOT_FOUND', status: 404 });
  });
});

describe('refunds', () => {
  test('give back up to what was captured', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId });
    const refund = (amount: number, reference: string) =>
      api().refundCapture({ holdId, amount: eur(amount), reason: 'broken', reference });
    expect(await refund(25, 'rfd_a')).toMatchObject({
      hold: { refunded: eur(25) },
      transfer: { kind: 'refund', toOwnerId: ownerId, reason: 'broken' },
    });
    expect(await refusal(refund(36, 'rfd_b'))).toMatchObject({
      code: 'REFUND_EXCEEDS_CAPTURE',
      data: { refundable: eur(35), requested: eur(36) },
    });
    await refund(35, 'rfd_c');
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100 });
    expect((await eventOf('wallet.refunded', holdId)).data).toMatchObject({
      refundReference: 'rfd_a',
      amount: eur(25),
      refunded: eur(25),
    });
  });

  test('with the same reference are one refund, under any Idempotency-Key', async () => {
    const { id: holdId, ownerId } = await newHold();
    await api().captureHold({ holdId });
    const refund = (amount: number) =>
      api().refundCapture({ holdId, amount: eur(amount), reason: 'late', reference: 'rfd_1' });
    const first = await refund(20);
    expect((await refund(20)).transfer).toEqual(first.transfer);
    expect(await refusal(refund(21))).toMatchObject({ code: 'REFERENCE_USED', status: 409, data: { amount: eur(20) } });
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 60 });
  });

  test('of what was never captured are refused', async () => {
    const { id: holdId } = await newHold();
    const early = api().refundCapture({ holdId, amount: eur(1), reason: 'x', reference: 'rfd_1' });
    expect(await refusal(early)).toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE', data: { refundable: eur(0) } });
  });
});

test('another currency than the hold’s is refused, not converted', async () => {
  const { id: holdId } = await newHold();
  expect(await refusal(api().captureHold({ holdId, amount: usd(1) }))).toMatchObject({
    code: 'CURRENCY_MISMATCH',
    status: 422,
    data: { expected: 'EUR', given: 'USD' },
  });
  await api().captureHold({ holdId });
  const refund = api().refundCapture({ holdId, amount: usd(1), reason: 'x', reference: 'r' });
  expect(await refusal(refund)).toMatchObject({ code: 'CURRENCY_MISMATCH' });
});

test('holds are found by owner, reference and state, page by page', async () => {
  const { ownerId } = await newHold(1);
  for (const [index, reference] of ['ord_x', 'ord_x', 'ord_y'].entries())
    await api().authorizeHold({ ownerId, amount: eur(2 + index), reference });
  const page = await api().listHolds({ ownerId, limit: 3 });
  const rest = await api().listHolds({ ownerId, limit: 3, cursor: page.nextCursor ?? '' });
  expect([page.items.length, rest.items.length, rest.nextCursor]).toEqual([3, 1, null]);
  expect(page.items.map(({ reference }) => reference)).toEqual(['ord_y', 'ord_x', 'ord_x']);
  expect((await api().listHolds({ ownerId, reference: 'ord_x', state: 'authorized' })).items).toHaveLength(2);
  expect((await api().listHolds({ ownerId, state: 'captured' })).items).toEqual([]);
  for (const cursor of ['x', "hld_' OR 1=1", newId('acc')]) {
    expect(await refusal(api().listHolds({ cursor }))).toMatchObject({ code: 'INVALID_CURSOR', status: 400 });
  }
  expect(await refusal(api().listHolds({ cursor: '\u0000' }))).toMatchObject({ code: 'INVALID_INPUT', status: 400 });
});
