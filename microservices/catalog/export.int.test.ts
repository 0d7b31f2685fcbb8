import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

interface Shop {
  platform: TestPlatform;
  api: Client<typeof catalogContract>;
}

let first: Shop;
let second: Shop;

/** A catalog with the definitions that products refer to, and no product. */
const emptyShop = async (): Promise<Shop> => {
  const platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  const api = platform.client(catalogContract);
  await api.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' });
  await api.createPriceList({ code: 'yen', title: 'Yen', currency: 'JPY' });
  await api.createPriceList({
    code: 'trade',
    title: 'Trade',
    currency: 'EUR',
    customerGroup: 'wholesale',
    priority: 3,
  });
  await api.defineAttribute({ code: 'litres', title: { en: 'Litres' }, type: 'number' });
  await api.defineAttribute({ code: 'washable', title: { en: 'Washable' }, type: 'boolean' });
  await api.defineAttribute({ code: 'note', title: { en: 'Note' }, type: 'text' });
  await api.defineFamily({ code: 'jugs', title: { en: 'Jugs' }, required: ['litres'] });
  return { platform, api };
};

beforeAll(async () => {
  first = await emptyShop();
  second = await emptyShop();
});
afterAll(async () => {
  await first.platform.stop();
  await second.platform.stop();
});

const download = async ({ platform }: Shop, file: string, key = platform.adminKey): Promise<Response> =>
  fetch(`${platform.url}/v1/catalog/${file}`, { headers: { authorization: `Bearer ${key}` } });

const importInto = async ({ platform }: Shop, csv: string) => {
  const response = await fetch(`${platform.url}/v1/catalog/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'text/csv' },
    body: csv,
  });
  return (await response.json()) as { id: string; rows: number; rejected: number; created: number; updated: number };
};

interface Content {
  slug: string;
  categoryIds: string[];
  variants: object[];
  prices: object[];
}

/** An object without what names and dates it in one shop. */
const lasting = (thing: object): object =>
  Object.fromEntries(
    Object.entries(thing).filter(([name]) => !/^(id|productId|version|categoryIds|\w+At)$/.test(name)),
  );

/** What products are, categories by their titles, prices in one order. */
const content = async (shop: Shop) => {
  const { items: categories } = await shop.api.listCategories({ limit: 200 });
  const titleOf = new Map(categories.map(({ id, title }) => [id, title['en']]));
  const text = await (await download(shop, 'export.ndjson')).text();
  const products = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Content);
  return products
    .map((product) => ({
      ...lasting(product),
      slug: product.slug,
      categories: product.categoryIds.map((category) => titleOf.get(category)),
      variants: product.variants.map(lasting),
      prices: product.prices.map((price) => JSON.stringify(price)).toSorted(),
    }))
    .toSorted((left, right) => (left.slug < right.slug ? -1 : 1));
};

const fill = async ({ api }: Shop): Promise<void> => {
  const lists = new Map((await api.listPriceLists({})).items.map(({ code, id }) => [code, id]));
  const price = (list: string, sku: string, amount: number, currency: string, minQuantity = 1) =>
    api.setPrice({ priceListId: lists.get(list) ?? '', sku, minQuantity, unitPrice: { amount, currency } });
  const { id: top } = await api.createCategory({ title: { en: 'Pots > pans | more' } });
  const { id: below } = await api.createCategory({ title: { en: 'Back\\slash' }, parentId: top });
  const { id: productId } = await api.createProduct({
    title: { en: 'Jug, "large"', de: 'Krug' },
    description: { en: 'Two lines:\nthe second; with signs, and "quotes"', 'pt-br': 'Jarro' },
    seoTitle: { de: 'Krug kaufen' },
    seoDescription: { en: 'A jug' },
    brand: 'Ton & Co',
    family: 'jugs',
    attributes: { litres: 0.000_000_1, washable: false, note: 'true' },
    optionAxes: ['size', 'colour'],
    categoryIds: [below, top],
    images: [{ url: 'https://example.com/a,b.jpg', alt: 'A | B' }, { url: 'https://example.com/c.jpg' }],
    originCountry: 'PT',
    variants: [
      { sku: 'JUG-2', options: { size: 'L', colour: 'blue' }, position: 7, gtin: '4006381333931', weightGrams: 900 },
      { sku: 'JUG-1', options: { size: 'S', colour: 'red' }, position: 1, taxCategory: 'reduced', sellable: false },
      {
        sku: 'JUG-3',
        options: { size: 'S', colour: 'blue' },
        position: 8,
        title: { de: 'Klein' },
        requiresShipping: false,
      },
    ],
  });
  await price('trade', 'JUG-2', 1_500, 'EUR', 10);
  await price('trade', 'JUG-2', 1_700, 'EUR');
  await price('standard', 'JUG-2', 5, 'EUR');
  await price('standard', 'JUG-3', 100_000, 'EUR');
  await price('yen', 'JUG-3', 1_990, 'JPY');
  await api.submitProduct({ productId });
  await api.publishProduct({ productId });
  await api.createProduct({ title: { de: 'Nur deutsch' }, slug: 'only-german', variants: [{ sku: 'DRAFT' }] });
  const { id: old } = await api.createProduct({ title: { en: 'Old' }, variants: [{ sku: 'OLD' }] });
  await api.archiveProduct({ productId: old });
};

test('an export makes the same products in another shop, and changes nothing in its own', async () => {
  await fill(first);
  const csv = await (await download(first, 'export.csv')).text();
  expect(await importInto(second, csv)).toMatchObject({ rejected: 0, created: 2 });
  const [here, there] = [await content(first), await content(second)];
  expect(here.map(({ slug }) => slug)).toEqual(['jug-large', 'only-german']);
  expect(there).toEqual(here);
  expect(await (await download(second, 'export.csv')).text()).toBe(csv);
  expect(await importInto(first, csv)).toMatchObject({ rejected: 0, created: 0, updated: 0 });
});

/** As many as given, for a trial with more; the suite has to stay quick. */
const MANY = Number(process.env['TEST_EXPORT_PRODUCTS'] ?? 1_000);

test('many products make the journey', async () => {
  const rows = Array.from(
    { length: MANY },
    (_, index) =>
      `BULK-${String(index).padStart(5, '0')},bulk-${index},Thing ${index},${index % 7}.5,${index + 1}.99,EUR,published`,
  );
  const made = await importInto(first, ['sku,slug,title,attribute.litres,price,currency,state', ...rows].join('\n'));
  expect(made).toMatchObject({ rejected: 0, created: MANY });
  const csv = await (await download(first, 'export.csv')).text();
  expect(await importInto(second, csv)).toMatchObject({ rejected: 0, created: MANY });
  expect(await content(second)).toEqual(await content(first));
}, 300_000);

test('who may not read the catalog gets no export', async () => {
  const refused = await download(first, 'export.csv', 'fc_nobody');
  expect(refused.status).toBe(401);
  expect(((await refused.json()) as { code: string }).code).toBe('UNAUTHENTICATED');
});
