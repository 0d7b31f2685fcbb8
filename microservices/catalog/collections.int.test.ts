import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { newId } from '../chassis/ids.ts';
import { catalogContract } from './contract.ts';
import type { Condition } from './contract/collection-values.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let standard: string;
let later = 0;

type NewProduct = Parameters<typeof keeper.createProduct>[0];

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog],
    remote: [inventoryAway],
    now: () => new Date(Date.now() + later),
  });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
  standard = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
  await keeper.defineAttribute({ code: 'litres', title: { en: 'Litres' }, type: 'number' });
  await keeper.defineAttribute({ code: 'colour', title: { en: 'Colour' }, type: 'choice', options: ['red', 'blue'] });
});
afterAll(() => platform.stop());

const failure = (code: string, detail: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(detail) as unknown }) as unknown;

const setPrice = (sku: string, amount: number) =>
  keeper.setPrice({ priceListId: standard, sku, unitPrice: { amount, currency: 'EUR' } });

const published = async (sku: string, more: Partial<NewProduct> = {}, amount = 1_000): Promise<string> => {
  const { id } = await keeper.createProduct({ title: { en: sku }, variants: [{ sku }], ...more });
  await setPrice(sku, amount);
  await keeper.submitProduct({ productId: id });
  await keeper.publishProduct({ productId: id });
  return id;
};

/** SKUs that a shopper finds in a collection, in order. */
const shown = async (collectionId: string, more: Partial<Parameters<typeof shopper.searchProducts>[0]> = {}) =>
  (await shopper.searchProducts({ collectionId, ...more })).items.flatMap((item) => item.skus);

const byRule = (...conditions: Condition[]) =>
  keeper.createCollection({
    title: { en: `Rule ${newId('x').slice(-8)}` },
    published: true,
    conditions,
    sort: 'title',
  });

describe('by hand', () => {
  test('products stand in the order given, and move', async () => {
    const [a, b, c] = [await published('HAND-A'), await published('HAND-B'), await published('HAND-C')];
    const { id: collectionId, slug } = await keeper.createCollection({ title: { en: 'Our picks' }, published: true });
    expect(slug).toBe('our-picks');
    await keeper.addToCollection({ collectionId, productIds: [c, a] });
    await keeper.addToCollection({ collectionId, productIds: [b, c] });
    expect(await shown(collectionId)).toEqual(['HAND-A', 'HAND-B', 'HAND-C']);
    await keeper.moveInCollection({ collectionId, productIds: [c] });
    await keeper.moveInCollection({ collectionId, productIds: [a], afterProductId: b });
    expect(await shown(collectionId)).toEqual(['HAND-C', 'HAND-B', 'HAND-A']);
    await keeper.moveInCollection({ collectionId, productIds: [c, b], afterProductId: b });
    expect(await shown(collectionId)).toEqual(['HAND-B', 'HAND-C', 'HAND-A']);
    await keeper.moveInCollection({ collectionId, productIds: [c, b] });
    expect(await shown(collectionId)).toEqual(['HAND-C', 'HAND-B', 'HAND-A']);
    expect(await shown(collectionId, { sort: 'title' })).toEqual(['HAND-A', 'HAND-B', 'HAND-C']);
    const first = await shopper.searchProducts({ collectionId, limit: 2 });
    expect(await shown(collectionId, { limit: 2, cursor: first.nextCursor ?? '' })).toEqual(['HAND-A']);
    await keeper.removeFromCollection({ collectionId, productIds: [b, await published('HAND-D')] });
    expect(await shown(collectionId)).toEqual(['HAND-C', 'HAND-A']);
    expect((await shopper.listCollections({ productId: a })).items.map((item) => item.slug)).toEqual(['our-picks']);
    await keeper.archiveProduct({ productId: c });
    expect(await shown(collectionId)).toEqual(['HAND-A']);
  });

  test('what does not go says what to do', async () => {
    const a = await published('HAND-E');
    const stranger = newId('prd');
    const { id: collectionId } = await keeper.createCollection({ title: { en: 'Strict' }, slug: 'strict' });
    await expect(keeper.addToCollection({ collectionId, productIds: [a, stranger] })).rejects.toEqual(
      failure('UNKNOWN_PRODUCT', new RegExp(stranger)),
    );
    await expect(keeper.moveInCollection({ collectionId, productIds: [a] })).rejects.toEqual(
      failure('NOT_IN_COLLECTION', /Add them first/),
    );
    await expect(keeper.createCollection({ title: { en: 'Other' }, slug: 'strict' })).rejects.toEqual(
      failure('SLUG_TAKEN', /"strict"/),
    );
    await expect(keeper.updateCollection({ collectionId, expectedVersion: 7, published: true })).rejects.toEqual(
      failure('VERSION_CONFLICT'),
    );
    const ruled = await byRule({ field: 'brand', operator: 'is', values: ['Nobody'] });
    await expect(keeper.addToCollection({ collectionId: ruled.id, productIds: [a] })).rejects.toEqual(
      failure('CHOSEN_BY_CONDITIONS', /Remove its conditions/),
    );
  });

  test('ten additions at once lose none', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, (_, index) => published(`RACE-${index}`)));
    const { id: collectionId } = await keeper.createCollection({ title: { en: 'Race' }, published: true });
    await Promise.all(ids.map((id) => keeper.addToCollection({ collectionId, productIds: [id] })));
    expect((await shown(collectionId)).toSorted()).toEqual(ids.map((_, index) => `RACE-${index}`));
    expect((await keeper.getCollection({ collectionId })).version).toBe(11);
  });
});

test('shoppers do not see an unpublished collection, nor its products', async () => {
  const { id: collectionId, slug } = await keeper.createCollection({ title: { en: 'Soon' } });
  await keeper.addToCollection({ collectionId, productIds: [await published('SOON-1')] });
  await expect(shopper.getCollection({ collectionId })).rejects.toEqual(failure('NOT_FOUND', /List the collections/));
  await expect(shopper.getCollectionBySlug({ slug })).rejects.toEqual(failure('NOT_FOUND', /"soon"/));
  expect(await shown(collectionId)).toEqual([]);
  expect((await shopper.listCollections({ search: 'soon' })).items).toEqual([]);
  expect((await keeper.listCollections({ search: 'SOON' })).items.map((item) => item.id)).toEqual([collectionId]);
  await keeper.updateCollection({ collectionId, published: true });
  expect(await shown(collectionId)).toEqual(['SOON-1']);
  await keeper.deleteCollection({ collectionId });
  await expect(keeper.getCollection({ collectionId })).rejects.toEqual(failure('NOT_FOUND'));
  await platform.waitForEvent(
    'collection.changed',
    ({ subject, sequence }) => subject === collectionId && sequence === 4,
  );
  const told = platform.events('catalog').filter(({ subject }) => subject === collectionId);
  expect(told.map(({ data }) => (data as { change: string }).change)).toEqual([
    'created',
    'products',
    'updated',
    'deleted',
  ]);
});

describe('by conditions', () => {
  test('attributes, brands and categories: a product comes and goes as it changes', async () => {
    const { id: bottles } = await keeper.createCategory({ title: { en: 'Bottles' } });
    const { id: steel } = await keeper.createCategory({ title: { en: 'Steel' }, parentId: bottles });
    await published('B-SMALL', { brand: 'Klar', categoryIds: [steel], attributes: { litres: 0.5, colour: 'red' } });
    const big = await published('B-BIG', { brand: 'Klar', categoryIds: [bottles], attributes: { litres: 10 } });
    const below = await byRule({ field: 'category', operator: 'is', values: [bottles] });
    const large = await byRule(
      { field: 'category', operator: 'is', values: [bottles] },
      { field: 'attribute', attribute: 'litres', operator: 'at_least', values: ['1.0'] },
    );
    const notRed = await byRule(
      { field: 'brand', operator: 'is', values: ['Klar'] },
      { field: 'attribute', attribute: 'colour', operator: 'is_not', values: ['red'] },
    );
    const exact = await byRule({ field: 'attribute', attribute: 'litres', operator: 'is', values: ['10.0', '0.7'] });
    expect(await shown(below.id)).toEqual(['B-BIG', 'B-SMALL']);
    expect([await shown(large.id), await shown(notRed.id), await shown(exact.id)]).toEqual([
      ['B-BIG'],
      ['B-BIG'],
      ['B-BIG'],
    ]);
    await keeper.updateProduct({ productId: big, attributes: { litres: 0.9, colour: 'red' } });
    expect([await shown(large.id), await shown(notRed.id), await shown(exact.id)]).toEqual([[], [], []]);
    await keeper.updateCollection({ collectionId: notRed.id, match: 'any' });
    expect(await shown(notRed.id, { brands: ['Klar'] })).toEqual(['B-BIG', 'B-SMALL']);
    await expect(keeper.deleteCategory({ categoryId: steel })).rejects.toEqual(failure('STILL_NEEDED'));
  });

  test('what a condition needs cannot go', async () => {
    const { id: categoryId } = await keeper.createCategory({ title: { en: 'Passing' } });
    const rule = await byRule({ field: 'category', operator: 'is', values: [categoryId] });
    await byRule({ field: 'attribute', attribute: 'colour', operator: 'is', values: ['blue'] });
    await expect(keeper.deleteCategory({ categoryId })).rejects.toEqual(failure('STILL_NEEDED', new RegExp(rule.slug)));
    await expect(
      keeper.defineAttribute({ code: 'colour', title: {}, type: 'choice', options: ['red'] }),
    ).rejects.toEqual(failure('ATTRIBUTE_IN_USE', /rule-/));
    await expect(byRule({ field: 'category', operator: 'is', values: [newId('cat')] })).rejects.toEqual(
      failure('INVALID_CONDITIONS', /Condition 1: there is no category/),
    );
  });

  test('prices, also when a list begins and ends', async () => {
    await published('P-CHEAP', { brand: 'Preis' }, 900);
    await published('P-DEAR', { brand: 'Preis' }, 5_000);
    const cheap = await byRule(
      { field: 'brand', operator: 'is', values: ['Preis'] },
      { field: 'price', operator: 'at_most', values: ['1000'] },
    );
    expect(await shown(cheap.id)).toEqual(['P-CHEAP']);
    await setPrice('P-CHEAP', 1_001);
    expect(await shown(cheap.id)).toEqual([]);
    const HOUR = 3_600_000;
    const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
    const sale = { code: 'sale', title: 'Sale', currency: 'EUR', priority: 5, validFrom: at(1), validUntil: at(2) };
    const { id: priceListId } = await keeper.createPriceList(sale);
    await keeper.setPrice({ priceListId, sku: 'P-DEAR', unitPrice: { amount: 1_000, currency: 'EUR' } });
    expect(await shown(cheap.id)).toEqual([]);
    later = 1.5 * HOUR;
    expect(await shown(cheap.id)).toEqual(['P-DEAR']);
    later = 2.5 * HOUR;
    expect(await shown(cheap.id)).toEqual([]);
    later = 0;
  });

  test('new arrivals leave by themselves; a preview changes nothing', async () => {
    await published('N-1', { brand: 'Neu' });
    const conditions: Condition[] = [
      { field: 'brand', operator: 'is', values: ['Neu'] },
      { field: 'daysPublished', operator: 'at_most', values: ['30'] },
    ];
    const fresh = await byRule(...conditions);
    expect(await keeper.previewConditions({ conditions })).toMatchObject({ total: 1, examples: [{ slug: 'n-1' }] });
    expect(await shown(fresh.id)).toEqual(['N-1']);
    later = 30.9 * 86_400_000;
    expect(await shown(fresh.id)).toEqual(['N-1']);
    later = 31.1 * 86_400_000;
    expect(await shown(fresh.id)).toEqual([]);
    expect((await keeper.previewConditions({ conditions })).total).toBe(0);
    later = 0;
  });
});
