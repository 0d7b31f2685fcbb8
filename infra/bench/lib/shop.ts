import { catalogContract } from '../../../microservices/catalog/contract.ts';
import { customersContract } from '../../../microservices/customers/contract.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { setupClient } from './in-process.ts';
import type { BenchPlatform } from './platform.ts';

export interface Shop {
  skus: string[];
  locationId: string;
}

/** Products on sale with a price, stock in one warehouse, shipping and tax. */
export const openShop = async (
  platform: BenchPlatform,
  options: { products: number; stock: number },
): Promise<Shop> => {
  const catalog = setupClient(catalogContract, platform);
  const orders = setupClient(ordersContract, platform);
  const skus = Array.from({ length: options.products }, (_, i) => `BENCH-${String(i).padStart(3, '0')}`);
  const list = await catalog.createPriceList({ code: 'bench', title: 'Bench', currency: 'EUR' });
  for (const sku of skus) {
    const product = await catalog.createProduct({
      title: { en: `Product ${sku}` },
      variants: [{ sku, weightGrams: 300 }],
    });
    await catalog.setPrices({ priceListId: list.id, prices: [{ sku, unitPrice: { amount: 1_000, currency: 'EUR' } }] });
    await catalog.submitProduct({ productId: product.id });
    await catalog.publishProduct({ productId: product.id });
  }
  const locationId = await stockUp(platform, skus, options.stock);
  await orders.setShippingMethod({
    code: 'standard',
    currency: 'EUR',
    title: 'Standard',
    rates: [{ countries: [], upToGrams: null, amount: 490, freeFrom: null }],
  });
  await orders.setTaxRate({ country: 'DE', category: 'standard', rate: 1_900, title: 'MwSt.' });
  return { skus, locationId };
};

/** A warehouse with so many units of each SKU; returns its id. */
export const stockUp = async (platform: BenchPlatform, skus: readonly string[], quantity: number): Promise<string> => {
  const inventory = setupClient(inventoryContract, platform);
  const location = await inventory.createLocation({ code: 'bench', name: 'Bench', country: 'DE' });
  for (const sku of skus) await inventory.receiveStock({ sku, locationId: location.id, quantity, reference: 'bench' });
  return location.id;
};

/** Owners with money: customers of the shop, or mere names in the ledger. */
export const fundOwners = async (platform: BenchPlatform, owners: readonly string[], amount: number): Promise<void> => {
  const wallet = setupClient(walletContract, platform);
  await inParallel(owners, (ownerId) =>
    wallet.topUp({ ownerId, amount: { amount, currency: 'EUR' }, reference: 'bench' }),
  );
};

export const registerCustomers = async (platform: BenchPlatform, count: number): Promise<string[]> => {
  const customers = setupClient(customersContract, platform);
  const made: string[] = [];
  await inParallel(
    Array.from({ length: count }, (_, i) => i),
    async (i) => {
      // A second round on the same platform gets customers of its own.
      const email = `bench-${i}@example.com`;
      made.push((await customers.createCustomer({ email, name: 'Bench Customer', allowDuplicateEmail: true })).id);
    },
  );
  return made;
};

const inParallel = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  width = 8,
): Promise<void> => {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
    }),
  );
};
