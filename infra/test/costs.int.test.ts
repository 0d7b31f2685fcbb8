import { randomUUID } from 'node:crypto';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import type { TestPlatform } from './platform.ts';
import { startShopPlatform } from './shop-platform.ts';

// How often an operation waits for PostgreSQL decides what it costs, on any machine. A number that falls is a reason to
// lower it here.

const SKUS = ['COST-1', 'COST-2'];
const ADDRESS = { name: 'Ada', line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' };

let platform: TestPlatform;
let customerId: string;
beforeAll(async () => {
  platform = await startShopPlatform({});
  customerId = await openShop();
});
afterAll(() => platform.stop());

const key = () => ({ idempotencyKey: randomUUID() });

/** Two products with price and stock, shipping, tax, and a customer with money, whose id it returns. */
const openShop = async (): Promise<string> => {
  const catalog = platform.client(catalogContract);
  const inventory = platform.client(inventoryContract);
  const orders = platform.client(ordersContract);
  const list = await catalog.createPriceList({ code: 'cost', title: 'Cost', currency: 'EUR' });
  const location = await inventory.createLocation({ code: 'cost', name: 'Cost', country: 'DE' });
  for (const sku of SKUS) {
    const { id: productId } = await catalog.createProduct({
      title: { en: sku },
      variants: [{ sku, weightGrams: 300 }],
    });
    await catalog.setPrices({ priceListId: list.id, prices: [{ sku, unitPrice: { amount: 1_000, currency: 'EUR' } }] });
    await catalog.submitProduct({ productId });
    await catalog.publishProduct({ productId });
    await inventory.receiveStock({ sku, locationId: location.id, quantity: 1_000, reference: 'cost' });
  }
  const rates = [{ countries: [], upToGrams: null, amount: 490, freeFrom: null }];
  await orders.setShippingMethod({ code: 'standard', currency: 'EUR', title: 'Standard', rates });
  await orders.setTaxRate({ country: 'DE', category: 'standard', rate: 1_900, title: 'VAT' });
  const { id } = await platform.client(customersContract).createCustomer({ email: 'cost@example.com', name: 'Ada' });
  const amount = { amount: 1_000_000, currency: 'EUR' };
  await platform.client(walletContract).topUp({ ownerId: id, amount, reference: 'cost' });
  return id;
};

const checkOut = async (): Promise<void> => {
  const orders = platform.client(ordersContract);
  const lines = SKUS.map((sku) => ({ sku, quantity: 1 }));
  const cart = await orders.createCart({ currency: 'EUR', country: 'DE', customerId, lines }, key());
  const quote = await orders.createQuote({ cartId: cart.id, shippingAddress: ADDRESS }, key());
  const { id: reference, totals } = await orders.placeOrder({ quoteId: quote.id }, key());
  const reservation = { ownerId: reference, lines, expiresInSeconds: 3_600 };
  await platform.client(inventoryContract).reserveStock(reservation, key());
  const hold = { ownerId: customerId, amount: totals.grandTotal, reference };
  await platform.client(walletContract).authorizeHold(hold, key());
};

const COST = /^database_(round_trips|statements)_total\{service="(\w+)",operation="(\w+)"\} (\d+)$/gm;

/** Round trips and statements of each operation since the start, as the metrics say. */
const costs = async (): Promise<Map<string, number>> => {
  const response = await fetch(`${platform.url}/metrics`, {
    headers: { authorization: `Bearer ${platform.adminKey}` },
  });
  const found = (await response.text()).matchAll(COST);
  return new Map(
    [...found].map(([, what, service, operation, count]) => [`${service}.${operation} ${what}`, Number(count)]),
  );
};

const HOLD = 'wallet.getHold round_trips';

test('a checkout waits for PostgreSQL no more often than it has to', async () => {
  // The first requests on a connection prepare their statements.
  for (let round = 0; round < 5; round += 1) await checkOut();
  const before = await costs();
  await checkOut();
  const after = await untilWithin(20_000)(
    'orders have asked for the hold',
    costs,
    (now) => (now.get(HOLD) ?? 0) > (before.get(HOLD) ?? 0),
  );
  const spent = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  expect(Object.fromEntries(spent.filter(([name, count]) => count > 0 && name.endsWith('round_trips')))).toEqual({
    'orders.createCart round_trips': 3,
    'orders.createQuote round_trips': 5,
    'orders.placeOrder round_trips': 3,
    'inventory.reserveStock round_trips': 3,
    'wallet.authorizeHold round_trips': 3,
    // Orders ask the wallet whether the hold is there before they believe its event.
    'wallet.getHold round_trips': 1,
    // For the cart and for the quote.
    'customers.getCustomer round_trips': 2,
    'catalog.resolvePrices round_trips': 2,
    'inventory.getAvailability round_trips': 2,
  });
});
