import { randomUUID } from 'node:crypto';
import type { Client } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

const PRICE = { amount: 1_000, currency: 'EUR' };
const ADDRESS = { name: 'Fault Test', line1: 'Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };

/** Products, customers and warehouse of one scenario. */
export interface Shop {
  skus: string[];
  customers: string[];
  locationId: string;
}

/** Whoever can hand out typed clients of a running platform. */
interface Reachable {
  client<Of extends Contract>(contract: Of): Client<Of>;
}

/** A shop of its own for one scenario: products on sale at 10 EUR, stock, customers with money. */
export const openShop = async (
  platform: Reachable,
  size: { skus: number; stock: number; customers: number; funds?: number },
): Promise<Shop> => {
  const tag = randomUUID().slice(0, 8);
  const inventory = platform.client(inventoryContract);
  const location = await inventory.createLocation({ code: `faults-${tag}`, name: 'Warehouse', country: 'DE' });
  const skus = Array.from({ length: size.skus }, (_, index) => `F-${tag}-${index}`);
  await sell(platform, tag, skus);
  await platform.client(ordersContract).setShippingMethod({
    code: 'faults',
    currency: 'EUR',
    title: 'Free',
    rates: [{ countries: [], upToGrams: null, amount: 0, freeFrom: null }],
  });
  for (const sku of skus) await inventory.receiveStock({ sku, locationId: location.id, quantity: size.stock });
  const customers: string[] = [];
  for (let index = 0; index < size.customers; index += 1)
    customers.push(await customerWithMoney(platform, `${tag}-${index}`, size.funds ?? 1_000_000));
  return { skus, customers, locationId: location.id };
};

const sell = async (platform: Reachable, tag: string, skus: readonly string[]): Promise<void> => {
  const catalog = platform.client(catalogContract);
  const list = await catalog.createPriceList({ code: `faults-${tag}`, title: 'Fault tests', currency: 'EUR' });
  for (const sku of skus) {
    const product = await catalog.createProduct({
      title: { en: `Thing ${sku}` },
      description: { en: 'For fault tests' },
      variants: [{ sku }],
    });
    await catalog.setPrice({ priceListId: list.id, sku, unitPrice: PRICE });
    await catalog.submitProduct({ productId: product.id });
    await catalog.publishProduct({ productId: product.id });
  }
};

export const customerWithMoney = async (platform: Reachable, name: string, funds: number): Promise<string> => {
  const customer = await platform
    .client(customersContract)
    .createCustomer({ email: `${name}@example.com`, name: 'Fault Test' });
  if (funds > 0)
    await platform
      .client(walletContract)
      .topUp({ ownerId: customer.id, amount: { amount: funds, currency: 'EUR' }, reference: `funds-${name}` });
  return customer.id;
};

/** Places one order of some units of a SKU, insisting under one key until the answer is known. Returns its id. */
export const orderUnits = async (
  platform: Reachable,
  wanted: {
    sku: string;
    quantity: number;
    customerId?: string;
    email?: string;
    paymentMethod?: 'wallet' | 'cash_on_delivery';
  },
  key: string = randomUUID(),
): Promise<string> => {
  const orders = platform.client(ordersContract);
  const { sku, quantity, paymentMethod = 'wallet', ...buyer } = wanted;
  const cart = { lines: [{ sku, quantity }], currency: 'EUR', ...buyer, shippingAddress: ADDRESS };
  const quote = await insist(() => orders.createQuote(cart, { idempotencyKey: `quote-${key}` }));
  const order = await insist(() =>
    orders.placeOrder({ quoteId: quote.id, paymentMethod }, { idempotencyKey: `place-${key}` }),
  );
  return order.id;
};

/** Places one order of one unit, of any product for any customer in the shop. */
export const placeOrder = (platform: PlatformUnderTest, shop: Shop, key?: string): Promise<string> => {
  const sku = shop.skus[platform.random.between(0, shop.skus.length - 1)] ?? '';
  const customerId = shop.customers[platform.random.between(0, shop.customers.length - 1)] ?? '';
  return orderUnits(platform, { sku, quantity: 1, customerId }, key);
};

/** A buyer who does not give up while services are away. */
const insist = async <T>(call: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Problem) || error.status < 500 || attempt === 30) throw error;
    }
  }
};

/** Buyers who keep placing orders until told to stop; returns what was promised to them. */
export const keepBuying = (
  platform: PlatformUnderTest,
  shop: Shop,
  buyers: number,
): { placed: string[]; stop(): Promise<string[]> } => {
  const placed: string[] = [];
  let open = true;
  // A buyer who fails ends the scenario when it waits for them, not before.
  const buying = Promise.allSettled(
    Array.from({ length: buyers }, async () => {
      while (open) placed.push(await placeOrder(platform, shop));
    }),
  );
  return {
    placed,
    stop: async () => {
      open = false;
      for (const ended of await buying) if (ended.status === 'rejected') throw ended.reason;
      return placed;
    },
  };
};

/** Every order that a buyer was promised is there, once; returns what is not. */
export const missingOrders = async (platform: PlatformUnderTest, placed: readonly string[]): Promise<string[]> => {
  const found = await platform.database.query<{ id: string }>('SELECT id FROM orders.orders WHERE id = ANY($1)', [
    placed,
  ]);
  const ids = new Set(found.rows.map((row) => row.id));
  return placed.filter((id) => !ids.has(id)).map((id) => `the order ${id} was promised and is gone`);
};
