import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;

const SHOP = 'https://shop.example.com';

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog],
    remote: [inventoryAway],
    environment: { CATALOG_SHOP_URL: SHOP },
  });
  keeper = platform.client(catalogContract);
  const { id: priceListId } = await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' });
  const images = [{ url: 'https://example.com/a.jpg?x=1&y=2' }];
  const publish = async (product: Parameters<typeof keeper.createProduct>[0]): Promise<void> => {
    const { id: productId, variants } = await keeper.createProduct(product);
    for (const { sku } of variants)
      await keeper.setPrice({ priceListId, sku, unitPrice: { amount: 1_999, currency: 'EUR' } });
    await keeper.submitProduct({ productId });
    await keeper.publishProduct({ productId });
  };
  await publish({
    title: { en: 'Tea & <cups>', de: 'Tee' },
    description: { en: `Long ${'word '.repeat(1_500)}` },
    brand: 'Klar',
    images,
    optionAxes: ['size'],
    variants: [
      { sku: 'TEA S', options: { size: 'S' }, gtin: '4006381333931', weightGrams: 120 },
      { sku: 'TEA-L', options: { size: 'L' } },
      { sku: 'TEA-OFF', options: { size: 'XL' }, sellable: false },
    ],
  });
  await publish({ title: { en: 'Voucher' }, images, variants: [{ sku: 'GIFT', requiresShipping: false }] });
  await publish({ title: { en: 'Without picture' }, variants: [{ sku: 'BLIND' }] });
  await publish({ title: { en: 'Long number' }, images, variants: [{ sku: 'X'.repeat(51) }] });
  await keeper.createProduct({ title: { en: 'Draft' }, images, variants: [{ sku: 'DRAFT' }] });
  await keeper.createCategory({ title: { en: 'Drinks' } });
  await keeper.createCollection({ title: { en: 'Shown' }, published: true });
  await keeper.createCollection({ title: { en: 'Hidden' } });
});
afterAll(() => platform.stop());

const get = async (path: string): Promise<{ status: number; type: string | null; text: string }> => {
  const response = await fetch(`${platform.url}/v1/catalog/${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

/** The texts of an element, in their order. */
const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);

test('Google gets every variant that it would take, with what it requires', async () => {
  const { status, type, text } = await get('feeds/google.xml');
  expect([status, type]).toEqual([200, 'application/rss+xml; charset=utf-8']);
  const items = text.split('<item>').slice(1);
  expect(items.map((item) => textsOf(item, 'g:id')[0]).toSorted()).toEqual(['GIFT', 'TEA S', 'TEA-L']);
  for (const item of items) {
    for (const name of ['id', 'title', 'description', 'link', 'image_link', 'availability', 'condition', 'price'])
      expect(textsOf(item, `g:${name}`)).toHaveLength(1);
    expect(textsOf(item, 'g:description')[0]?.length).toBeLessThanOrEqual(5_000);
    expect(textsOf(item, 'g:price')[0]).toMatch(/^\d+\.\d{2} [A-Z]{3}$/);
    expect(textsOf(item, 'g:link')[0]).toMatch(/^https:\/\/shop\.example\.com\/products\/[a-z0-9-]+\?sku=/);
  }
  const small = items.find((item) => item.includes('>TEA S<')) ?? '';
  expect(small).toContain('<g:title>Tea &amp; &lt;cups&gt;, S</g:title>');
  expect(small).toContain('<g:link>https://shop.example.com/products/tea-cups?sku=TEA%20S</g:link>');
  expect(small).toContain('<g:image_link>https://example.com/a.jpg?x=1&amp;y=2</g:image_link>');
  expect(textsOf(small, 'g:gtin')).toEqual(['4006381333931']);
  expect(textsOf(small, 'g:shipping_weight')).toEqual(['120 g']);
  expect(textsOf(small, 'g:availability')).toEqual(['out_of_stock']);
  const gift = items.find((item) => item.includes('>GIFT<')) ?? '';
  expect([textsOf(gift, 'g:availability'), textsOf(gift, 'g:identifier_exists')]).toEqual([['in_stock'], ['no']]);
  expect(textsOf(gift, 'g:item_group_id')).toEqual([]);
  expect(text.endsWith('</channel>\n</rss>\n')).toBe(true);
});

test('Meta gets the same as CSV, in the language asked for', async () => {
  const { type, text } = await get('feeds/meta.csv?locale=de');
  const [head, ...lines] = text.trim().split('\r\n');
  expect(type).toBe('text/csv; charset=utf-8');
  expect(head).toBe('id,title,description,availability,condition,price,link,image_link,brand,gtin,item_group_id');
  expect(lines).toHaveLength(3);
  expect(lines.find((line) => line.startsWith('TEA-L'))).toMatch(/^TEA-L,"Tee, L",.*,out of stock,new,19\.99 EUR,/);
});

test('a currency without prices has no items, and a wrong one is refused', async () => {
  expect((await get('feeds/meta.csv?currency=JPY')).text.trim().split('\r\n')).toHaveLength(1);
  const refused = await get('feeds/google.xml?currency=euro');
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'INVALID_INPUT' });
});

test('sitemaps hold what shoppers see', async () => {
  const index = await get('sitemap.xml');
  expect(textsOf(index.text, 'loc')).toEqual(['http://127.0.0.1:3000/v1/catalog/sitemaps/1.xml']);
  const { text } = await get('sitemaps/1.xml');
  const pages = textsOf(text, 'loc').map((page) => page.replace(SHOP, ''));
  expect(pages.toSorted()).toEqual([
    '/categories/drinks',
    '/collections/shown',
    '/products/long-number',
    '/products/tea-cups',
    '/products/voucher',
    '/products/without-picture',
  ]);
  for (const changed of textsOf(text, 'lastmod')) expect(new Date(changed).toISOString()).toBe(changed);
  expect([(await get('sitemaps/2.xml')).status, (await get('sitemaps/x')).status]).toEqual([404, 404]);
});
