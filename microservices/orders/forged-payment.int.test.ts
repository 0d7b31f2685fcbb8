import { publishByHand } from '../../infra/test/events-by-hand.ts';
import type { TestPlatform } from '../../infra/test/platform.ts';
import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import type { PayloadOf } from '../chassis/contract/index.ts';
import { newId } from '../chassis/ids.ts';
import { until } from '../chassis/testing/until.ts';
import type { walletContract } from '../wallet/contract.ts';
import { confirmOrder, eur, newCustomer, oneOnSale, openShop, placeOrder, type Shop } from './testing.ts';

let shop: Shop;
let platform: TestPlatform;
beforeAll(async () => {
  shop = await openShop(async (options) => {
    platform = await startShopPlatform(options);
    return platform;
  });
});
afterAll(async () => {
  await shop.platform.stop();
});

type Wallet = typeof walletContract;

const captured = (hold: { holdId: string; ownerId: string }, reference: string, amount: number) => {
  const ofHold = { ...hold, accountId: newId('acc'), reference, transferId: newId('trf') };
  const data: PayloadOf<Wallet, 'wallet.captured'> = {
    ...ofHold,
    amount: eur(amount),
    captured: eur(amount),
    state: 'captured',
  };
  return { type: 'wallet.captured' as const, data };
};

test('an event that the wallet does not stand for changes nothing of an order', async () => {
  const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
  const customer = await newCustomer(shop, 100_000);
  const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
  const { hold } = await confirmOrder(shop, order);
  if (!hold) throw new Error('the order was confirmed without a hold');
  const real = { holdId: hold.id, ownerId: customer.id };
  const known = { accountId: hold.accountId, reference: order.id, ...real };
  await until(
    'the hold is known',
    async () => (await shop.api.getOrder({ orderId: order.id })).paymentState === 'authorized',
  );
  const before = await shop.api.getOrder({ orderId: order.id });
  const forged: { type: keyof Wallet['events']; data: object }[] = [
    captured({ holdId: newId('hld'), ownerId: customer.id }, order.id, 3_490),
    captured(real, order.id, 3_490),
    { type: 'wallet.held', data: { ...known, holdId: newId('hld'), amount: eur(9_000), expiresAt: hold.expiresAt } },
    { type: 'wallet.held', data: { ...known, amount: eur(9_000), expiresAt: hold.expiresAt } },
    { type: 'wallet.released', data: { ...known, amount: eur(3_490), cause: 'voided', state: 'voided' } },
    {
      type: 'wallet.refunded',
      data: { ...known, transferId: newId('trf'), refundReference: 'rfd', amount: eur(9), refunded: eur(9) },
    },
  ];
  const events = forged.map((event) => ({ ...event, subject: hold.id }));
  await publishByHand(platform, { domain: 'wallet', reader: 'orders' }, events);
  expect(await shop.api.getOrder({ orderId: order.id })).toEqual(before);
  await shop.wallet.captureHold({ holdId: hold.id });
  await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === order.id);
});
