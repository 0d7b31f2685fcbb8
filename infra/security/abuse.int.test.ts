import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { startWholePlatform } from '../test/operations/platform.ts';
import { PLAIN_ADDRESS, PASSWORD, freshEmail } from '../test/operations/plain-input.ts';
import type { Sent } from '../test/operations/send.ts';
import type { Fields, Person, Workshop } from '../test/operations/workshop.ts';
import type { TestPlatform } from '../test/platform.ts';

let platform: TestPlatform;
let workshop: Workshop;
let buyer: Person;

beforeAll(async () => {
  ({ platform, workshop } = await startWholePlatform());
  buyer = await workshop.person();
});
afterAll(() => platform.stop());

const asBuyer = (title: string, input: unknown): Promise<Sent> => workshop.send(title, input, buyer.accessToken);
const tally = (answers: readonly Sent[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
const together = (count: number, send: (index: number) => Promise<Sent>): Promise<Sent[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

const NO_QUANTITIES: unknown[] = [-1, 0, 0.5, 1e9, 2 ** 53, -(2 ** 53), 1e308, '1', null, [1], { $gt: 0 }];
const NO_AMOUNTS: unknown[] = [-1, 0, 0.5, 2 ** 53, 1e308, '100', null];

describe('S10: money and stock', () => {
  test('are never moved by a quantity that is none', async () => {
    const cart = await workshop.make<{ id: string; lines: { lineId: string }[] }>('orders.createCart', buyer);
    const line = { cartId: cart.id, lineId: cart.lines[0]?.lineId };
    for (const quantity of NO_QUANTITIES) {
      const lines = [{ sku: 'TEA-GREEN', quantity }];
      const quote = { lines, currency: 'EUR', shippingAddress: PLAIN_ADDRESS };
      const answers = [
        await asBuyer('orders.addCartLine', { cartId: cart.id, sku: 'TEA-GREEN', quantity }),
        await asBuyer('orders.createCart', { currency: 'EUR', lines }),
        await asBuyer('orders.createQuote', quote),
        await workshop.send('inventory.reserveStock', { ownerId: 'a', lines }, platform.adminKey),
        // Here 0 removes a line.
        ...(quantity === 0 ? [] : [await asBuyer('orders.updateCartLine', { ...line, quantity })]),
      ];
      expect([quantity, answers.map(({ status }) => status)]).toEqual([quantity, answers.map(() => 400)]);
    }
  });

  test('are never moved by an amount that is none, nor by one in another’s name', async () => {
    await workshop.make('wallet.topUp', buyer, { amount: { amount: 1_000, currency: 'EUR' } });
    const other = await workshop.person();
    const move = (fields: Fields): Promise<Sent> =>
      asBuyer('wallet.transfer', {
        fromOwnerId: buyer.customerId,
        toOwnerId: other.customerId,
        amount: { amount: 1, currency: 'EUR' },
        reference: 'abuse',
        ...fields,
      });
    for (const amount of NO_AMOUNTS) {
      const { status } = await move({ amount: { amount, currency: 'EUR' } });
      expect([amount, status]).toEqual([amount, 400]);
    }
    expect((await move({ fromOwnerId: other.customerId, toOwnerId: buyer.customerId })).status).toBe(404);
    expect((await move({ fromOwnerId: 'external', toOwnerId: buyer.customerId })).status).toBe(404);
    expect((await move({ toOwnerId: buyer.customerId })).status).toBe(422);
    const balance = await asBuyer('wallet.getBalance', { ownerId: buyer.customerId });
    expect(balance.body).toMatchObject({ items: [{ currency: 'EUR', balance: 1_000, available: 1_000 }] });
  });

  test('a price is the shop’s: a buyer’s own price is an unknown field', async () => {
    const line = { sku: 'TEA-GREEN', quantity: 1 };
    for (const price of ['unitPrice', 'price', 'total', 'discount', 'taxInclusive']) {
      const lines = [{ ...line, [price]: { amount: 1, currency: 'EUR' } }];
      expect((await asBuyer('orders.createCart', { currency: 'EUR', lines })).status).toBe(400);
      const quote = { lines, currency: 'EUR', shippingAddress: PLAIN_ADDRESS };
      expect((await asBuyer('orders.createQuote', quote)).status).toBe(400);
    }
  });

  test('20 orders of one quote at once are one order', async () => {
    const { id: quoteId } = await workshop.make<{ id: string }>('orders.createQuote', buyer);
    const placed = await together(20, () => asBuyer('orders.placeOrder', { quoteId }));
    expect(tally(placed)).toEqual({ 201: 1, 409: 19 });
  });

  test('10 refunds of one line at once are one refund, and no money comes from nowhere', async () => {
    const input = await workshop.inputFor('orders.refundOrder', buyer);
    const refunds = await together(10, () => workshop.send('orders.refundOrder', input, platform.adminKey));
    const made = refunds.filter(({ status }) => status === 201);
    expect([made.length, refunds.every(({ status }) => status === 201 || status === 409 || status === 422)]).toEqual([
      1,
      true,
    ]);
    expect((await platform.client(ordersContract).auditOrders({})).problems).toEqual([]);
    expect((await platform.client(walletContract).auditLedger({})).problems).toEqual([]);
  });
});

describe('S9: what is there cannot be found out by asking', () => {
  const shape = ({ status, text }: Sent): string =>
    `${status} ${text
      .replace(/\b[a-z]{3}_[0-9a-f]{32}\b/g, 'id')
      .replace(/"\d{4}-\d\d-\d\dT[^"]+"/g, 'time')
      .replace(/[\w.-]+@example\.com/g, 'email')
      .replace(/"(?:accessToken|refreshToken)":"[^"]+"/g, 'token')}`;
  const known = async (): Promise<string> => (await workshop.person()).email;

  test.each<[string, string, (email: string) => Fields]>([
    ['signing in', 'customers.signIn', (email) => ({ email, password: 'wrong horse battery' })],
    ['asking for a new password', 'customers.requestPasswordReset', (email) => ({ email })],
    ['registering', 'customers.registerCustomer', (email) => ({ email, password: PASSWORD })],
  ])('%s tells nobody if an address has an account', async (_what, title, input) => {
    const there = await workshop.send(title, input(await known()));
    const none = await workshop.send(title, input(freshEmail()));
    expect(shape(there)).toBe(shape(none));
  });

  test('the codes of promotions are not told apart from made-up ones by who may not use them', async () => {
    const cart = await workshop.make<{ id: string }>('orders.createCart', buyer);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { code } = await workshop.make<{ code: string }>('orders.createPromotion', buyer, { startsAt: soon });
    const [hidden, none] = await Promise.all(
      [code, 'NO-SUCH-CODE'].map((one) => asBuyer('orders.applyCoupon', { cartId: cart.id, code: one })),
    );
    expect([hidden?.status, none?.status]).toEqual([409, 409]);
  });
});
