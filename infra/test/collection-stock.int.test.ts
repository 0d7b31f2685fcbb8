import { catalogContract } from '../../microservices/catalog/contract.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import type { Client } from '../../microservices/chassis/client.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let stock: Client<typeof inventoryContract>;
let locationId: string;
let priceListId: string;
const until = untilWithin(15_000);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog, inventory],
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
  });
  keeper = platform.client(catalogContract);
  stock = platform.client(inventoryContract);
  locationId = (await stock.createLocation({ code: 'hall', name: 'Hall', country: 'DE' })).id;
  priceListId = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
});
afterAll(() => platform.stop());

const published = async (sku: string): Promise<void> => {
  const { id: productId } = await keeper.createProduct({ title: { en: sku }, brand: sku, variants: [{ sku }] });
  await keeper.setPrice({ priceListId, sku, unitPrice: { amount: 1_000, currency: 'EUR' } });
  await keeper.submitProduct({ productId });
  await keeper.publishProduct({ productId });
};

/** How many products of a brand a collection shows that wants them in stock, or sold out. */
const counting = async (brand: string, wanted: 'in_stock' | 'out_of_stock') => {
  const { id: collectionId } = await keeper.createCollection({
    title: { en: `${brand} ${wanted}` },
    published: true,
    conditions: [
      { field: 'brand', operator: 'is', values: [brand] },
      { field: 'stock', operator: 'is', values: [wanted] },
    ],
  });
  return async () => (await keeper.searchProducts({ collectionId, facets: false })).total;
};

test('a collection follows stock that comes, is sold, comes back and is counted away', async () => {
  await published('LAMP');
  const [there, gone] = [await counting('LAMP', 'in_stock'), await counting('LAMP', 'out_of_stock')];
  expect([await there(), await gone()]).toEqual([0, 1]);
  await stock.receiveStock({ sku: 'LAMP', locationId, quantity: 2 });
  await until('it is in stock', there, (count) => count === 1);
  expect(await gone()).toBe(0);
  const { id: reservationId } = await stock.reserveStock({
    ownerId: 'somebody',
    lines: [{ sku: 'LAMP', quantity: 2 }],
  });
  await until('it is sold out', gone, (count) => count === 1);
  expect(await there()).toBe(0);
  await stock.releaseReservation({ reservationId });
  await until('it is back', there, (count) => count === 1);
  await stock.adjustStock({ sku: 'LAMP', locationId, change: -2, reason: 'damaged' });
  await until('it is gone again', gone, (count) => count === 1);
});

test('the first units that come by transfer count', async () => {
  await published('CHAIR');
  const there = await counting('CHAIR', 'in_stock');
  const { id: toLocationId } = await stock.createLocation({ code: 'shop', name: 'Shop', country: 'DE' });
  await stock.receiveStock({ sku: 'CHAIR', locationId, quantity: 1 });
  await until('it is in stock', there, (count) => count === 1);
  await stock.transferStock({ fromLocationId: locationId, toLocationId, lines: [{ sku: 'CHAIR', quantity: 1 }] });
  const known = () =>
    platform
      .database('catalog')
      .rows<{ locationId: string; inStock: boolean }>(
        `SELECT location_id AS "locationId", in_stock AS "inStock" FROM stock_seen WHERE sku = 'CHAIR'`,
      );
  const seen = await until(
    'the transfer is seen',
    known,
    (rows) => rows.length === 2 && rows.some((row) => !row.inStock),
  );
  expect(seen).toContainEqual({ locationId: toLocationId, inStock: true });
  expect(await there()).toBe(1);
});
