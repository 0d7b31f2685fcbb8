import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
  const { id: priceListId } = await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' });
  for (const [sku, title] of [
    ['COUCH', 'Red couch'],
    ['SEATER', 'Blue two seater'],
    ['TWO', 'Two blue chairs'],
    ['SODA', 'Red soda'],
  ] as const) {
    const { id: productId } = await keeper.createProduct({ title: { en: title }, variants: [{ sku }] });
    await keeper.setPrice({ priceListId, sku, unitPrice: { amount: 100, currency: 'EUR' } });
    await keeper.submitProduct({ productId });
    await keeper.publishProduct({ productId });
  }
});
afterAll(() => platform.stop());

const failure = (code: string, detail: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(detail) as unknown }) as unknown;

const found = async (query: string): Promise<string[]> =>
  (await shopper.searchProducts({ query, sort: 'title' })).items.flatMap(({ skus }) => skus);

test('synonyms find each other, phrases too, until they are deleted', async () => {
  // Not known, and one letter from soda.
  expect(await found('sofa')).toEqual(['SODA']);
  const { id: synonymsId } = await keeper.createSynonyms({ phrases: ['Sofa', 'couch', 'two-seater'] });
  expect(await shopper.searchProducts({ query: 'sofa' })).toMatchObject({ total: 2, correctedQuery: null });
  expect(await found('SOFA')).toEqual(['SEATER', 'COUCH']);
  expect(await found('red sofa')).toEqual(['COUCH']);
  expect(await found('blue two seater')).toEqual(['SEATER']);
  expect(await found('two seater')).toEqual(['SEATER', 'COUCH']);
  expect(await found('two blue')).toEqual(['SEATER', 'TWO']);
  await keeper.updateSynonyms({ synonymsId, phrases: ['sofa', 'chair'] });
  expect(await found('sofa')).toEqual(['TWO']);
  expect(await found('couch')).toEqual(['COUCH']);
  await keeper.deleteSynonyms({ synonymsId });
  expect(await found('sofa')).toEqual(['SODA']);
  expect((await keeper.listSynonyms({})).items).toEqual([]);
});

test('a phrase has one meaning, and needs words', async () => {
  await keeper.createSynonyms({ phrases: ['tv', 'television'] });
  await expect(keeper.createSynonyms({ phrases: ['telly', 'Télévision'] })).rejects.toEqual(
    failure('PHRASE_TAKEN', /"television"/),
  );
  await expect(keeper.createSynonyms({ phrases: ['lamp', '!!'] })).rejects.toEqual(failure('NO_WORDS', /"!!"/));
  await expect(keeper.createSynonyms({ phrases: ['lamp', 'a b c d e f'] })).rejects.toEqual(failure('NO_WORDS'));
  await expect(keeper.createSynonyms({ phrases: ['Café', 'cafe'] })).rejects.toEqual(
    failure('NO_WORDS', /another spelling/),
  );
});

test('a query leads to its page, however it is typed', async () => {
  const target = '/collections/sale';
  const { id: redirectId } = await keeper.createSearchRedirect({ query: 'Sale!', target });
  expect(await shopper.searchProducts({ query: '  SALE ' })).toMatchObject({ redirect: target, total: 0 });
  expect((await shopper.searchProducts({ query: 'sale couch' })).redirect).toBeNull();
  expect((await shopper.searchProducts({})).redirect).toBeNull();
  await expect(keeper.createSearchRedirect({ query: 'sale', target: '/x' })).rejects.toEqual(failure('QUERY_TAKEN'));
  await expect(keeper.createSearchRedirect({ query: 'shop', target: '//evil.example' })).rejects.toEqual(
    failure('INVALID_INPUT', /path such as/),
  );
  await keeper.updateSearchRedirect({ redirectId, target: 'https://example.com/sale' });
  expect((await shopper.searchProducts({ query: 'sale' })).redirect).toBe('https://example.com/sale');
  await keeper.deleteSearchRedirect({ redirectId });
  expect((await shopper.searchProducts({ query: 'sale' })).redirect).toBeNull();
});
