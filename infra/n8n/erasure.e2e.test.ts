import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { openShop, type Shop } from '../faults/shop.ts';
import { startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(120_000);

let environment: JourneyPlatform;
let shop: Shop;
beforeAll(async () => {
  environment = await startJourneyPlatform();
  shop = await openShop(environment.platform, { skus: 1, stock: 100, customers: 1 });
}, 300_000);
afterAll(() => environment?.stop(), 60_000);

const home = { name: 'Ada Lovelace', line1: 'Ockham Park 1', city: 'Berlin', postalCode: '10999', country: 'DE' };

/** An order of a guest that the journey confirmed. */
const confirmedOrder = async (email: string): Promise<string> => {
  const { platform } = environment;
  const guest = platform.client(ordersContract, { credential: '' });
  const lines = [{ sku: shop.skus[0] ?? '', quantity: 1 }];
  const quote = await guest.createQuote({ lines, currency: 'EUR', shippingAddress: home, email });
  const { id } = await guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' });
  await until('the journey confirms', () =>
    platform.events('orders').some(({ type, subject }) => type === 'order.confirmed' && subject === id),
  );
  await until('its execution is kept', async () => (await environment.executionsWith(id)).length > 0);
  return id;
};

test('executions that name an erased order are deleted, those of others stay', async () => {
  const { platform } = environment;
  const [erased, other] = [await confirmedOrder('ada@example.com'), await confirmedOrder('grace@example.com')];
  const api = platform.client(ordersContract);
  await api.shipOrder({ orderId: erased });
  await api.closeOrder({ orderId: erased });
  const { customerId } = await platform.client(customersContract).eraseByEmail({ email: 'ada@example.com' });
  await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
  await until('they are gone', async () => (await environment.executionsWith(erased)).length === 0);
  expect(await environment.executionsWith('ada@example.com')).toEqual([]);
  expect((await environment.executionsWith(other)).length).toBeGreaterThan(0);
});
