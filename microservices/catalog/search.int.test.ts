import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';
import { refoldBatch } from './jobs.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let standard: string;
let garden: string;
let lights: string;

type NewProduct = Parameters<typeof keeper.createProduct>[0];

const shelf: { sku: string; amount: number; product: Omit<NewProduct, 'variants'> }[] = [
  {
    sku: 'L-1',
    amount: 1_500,
    product: {
      title: { en: 'White metal lantern', de: 'Weiße Metalllaterne' },
      brand: 'Hella',
      attributes: { colour: 'white' },
    },
  },
  {
    sku: 'L-2',
    amount: 2_500,
    product: { title: { en: 'Red garden lantern' }, brand: 'Hella', attributes: { colour: 'red' } },
  },
  {
    sku: 'L-3',
    amount: 500,
    product: {
      title: { en: 'Lantern glass' },
      brand: 'Glasmann',
      attributes: { colour: 'clear' },
      description: { en: 'Fits our lanterns' },
    },
  },
  {
    sku: 'C-1',
    amount: 700,
    product: { title: { en: 'Red candle' }, brand: 'Glasmann', attributes: { colour: 'red' } },
  },
  {
    sku: 'C-2',
    amount: 800,
    product: {
      title: { en: 'White candle' },
      attributes: { colour: 'white' },
      description: { en: 'Burns in any lantern' },
    },
  },
  { sku: '85123A', amount: 255, product: { title: { en: 'Hanging heart holder' }, attributes: {} } },
];

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
  standard = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
  await keeper.defineAttribute({ code: 'colour', title: { en: 'Colour' }, type: 'text', facet: true });
  garden = (await keeper.createCategory({ title: { en: 'Garden' } })).id;
  lights = (await keeper.createCategory({ title: { en: 'Lights' }, parentId: garden })).id;
  for (const { sku, amount, product } of shelf) {
    const created = await keeper.createProduct({
      ...product,
      categoryIds: sku.startsWith('L') ? [lights] : [garden],
      variants: [{ sku }],
    });
    await keeper.setPrice({ priceListId: standard, sku, unitPrice: { amount, currency: 'EUR' } });
    await keeper.submitProduct({ productId: created.id });
    await keeper.publishProduct({ productId: created.id });
  }
  await keeper.createProduct({ title: { en: 'Secret lantern' }, variants: [{ sku: 'SECRET' }] });
});
afterAll(() => platform.stop());

type Question = Parameters<typeof shopper.searchProducts>[0];
const skus = async (question: Question): Promise<string[]> =>
  (await shopper.searchProducts(question)).items.flatMap((item) => item.skus);
const counts = async (question: Question, field: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await shopper.searchProducts(question)).facets
      .find((facet) => facet.field === field)
      ?.values.map(({ value, count }) => [value, count]) ?? [],
  );

describe('words', () => {
  test('titles weigh more than descriptions; drafts are not found', async () => {
    const found = await skus({ query: 'lantern' });
    expect(found.toSorted()).toEqual(['C-2', 'L-1', 'L-2', 'L-3']);
    expect(found.at(-1)).toBe('C-2');
  });

  test('every word must be there, in any form, the last one unfinished', async () => {
    expect(await skus({ query: 'red lanterns' })).toEqual(['L-2']);
    expect(await skus({ query: 'hanging hea' })).toEqual(['85123A']);
    expect(await skus({ query: 'red umbrella' })).toEqual([]);
  });

  test('a code finds its product in capitals or not', async () => {
    expect(await skus({ query: '85123a' })).toEqual(['85123A']);
  });

  test('other languages are found by their words and answered in them', async () => {
    const { items } = await shopper.searchProducts({ query: 'metalllaternen', locale: 'de' });
    expect(items).toMatchObject([{ title: 'Weiße Metalllaterne', skus: ['L-1'] }]);
  });

  test.each([
    ['lamtern', 'lantern'],
    ['lantren', 'lantern'],
    ['kantern', 'lantern'],
    ['cnadle', 'candle'],
  ])('%s is read as %s', async (typed, meant) => {
    const { items, correctedQuery } = await shopper.searchProducts({ query: `red ${typed}` });
    expect(correctedQuery).toBe(`red ${meant}`);
    expect(items.flatMap((item) => item.skus)).toEqual([meant === 'lantern' ? 'L-2' : 'C-1']);
  });

  test('a known word is not corrected, and one like nothing finds nothing', async () => {
    expect((await shopper.searchProducts({ query: 'lanterns' })).correctedQuery).toBeNull();
    expect(await shopper.searchProducts({ query: 'xylophone' })).toMatchObject({
      items: [],
      total: 0,
      correctedQuery: null,
    });
  });

  test.each(["';--", 'a & | ! ( ) :*', '<->', '\\', 'lantern:*A', '½ ² ﷺ', '‮', '%_%'])(
    'any text is only text: %s',
    async (query) => {
      expect(await shopper.searchProducts({ query })).toHaveProperty('total');
    },
  );
});

describe('filters and facets', () => {
  test('facets count what each choice would find and keep their own other choices', async () => {
    const question = { query: 'lantern', attributes: { colour: ['white'] } };
    expect(await skus(question)).toEqual(['L-1', 'C-2']);
    expect(await counts(question, 'attribute.colour')).toEqual({ white: 2, red: 1, clear: 1 });
    expect(await counts(question, 'brand')).toEqual({ Hella: 1 });
    expect(await counts({ ...question, brands: ['Glasmann'] }, 'attribute.colour')).toEqual({ clear: 1 });
    expect(await counts({ ...question, brands: ['Glasmann'] }, 'brand')).toEqual({ Hella: 1 });
  });

  test('every count is what the search with that choice finds', async () => {
    for (const [colour, count] of Object.entries(await counts({}, 'attribute.colour'))) {
      expect((await shopper.searchProducts({ attributes: { colour: [colour] } })).total).toBe(count);
    }
    for (const [categoryId, count] of Object.entries(await counts({}, 'category'))) {
      expect((await shopper.searchProducts({ categoryId })).total).toBe(count);
    }
  });

  test('a category includes those below it', async () => {
    expect((await shopper.searchProducts({ categoryId: garden })).total).toBe(6);
    expect((await skus({ categoryId: lights })).toSorted()).toEqual(['L-1', 'L-2', 'L-3']);
    expect((await shopper.searchProducts({ categoryId: `cat_${'0'.repeat(32)}` })).total).toBe(0);
  });

  test('prices filter in the asked currency', async () => {
    expect((await skus({ minPrice: 700, maxPrice: 1_500 })).toSorted()).toEqual(['C-1', 'C-2', 'L-1']);
    expect(await skus({ minPrice: 1, currency: 'USD' })).toEqual([]);
    expect((await shopper.searchProducts({ query: '85123A' })).items[0]?.lowestPrice).toEqual({
      amount: 255,
      currency: 'EUR',
    });
  });
});

describe('order and pages', () => {
  test.each([
    ['price_asc', ['85123A', 'L-3', 'C-1', 'C-2', 'L-1', 'L-2']],
    ['price_desc', ['L-2', 'L-1', 'C-2', 'C-1', 'L-3', '85123A']],
    ['title', ['85123A', 'L-3', 'C-1', 'L-2', 'C-2', 'L-1']],
    ['newest', ['85123A', 'C-2', 'C-1', 'L-3', 'L-2', 'L-1']],
  ] as const)('%s', async (sort, expected) => {
    expect(await skus({ sort })).toEqual(expected);
  });

  test.each(['relevance', 'newest', 'price_asc', 'price_desc', 'title'] as const)(
    'paging by %s gives every product once, in the order of the whole',
    async (sort) => {
      const whole = await skus({ sort, query: 'lantern' });
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await shopper.searchProducts({ sort, query: 'lantern', limit: 1, cursor });
        expect(page.total).toBe(4);
        paged.push(...page.items.flatMap((item) => item.skus));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(paged).toEqual(whole);
    },
  );
});

describe('letters that people write differently', () => {
  const titles: Record<string, string> = {
    'S-CAFE': 'Café noir',
    'S-SODA': 'Cafe soda',
    'S-NFD': 'Crème brûlée'.normalize('NFD'),
    'S-IZMIR': 'İzmir köfte',
    'S-LODZ': 'Łódź poster',
    'S-AERO': 'Ærø map',
    'S-HINDI': 'हिन्दी किताब',
    'S-CHA': '日本茶',
    'S-NIHON': '茶日本',
    'S-PG': 'Procter & Gamble soap',
  };
  beforeAll(async () => {
    for (const [sku, title] of Object.entries(titles)) {
      const { id: productId } = await keeper.createProduct({
        title: { en: title },
        brand: sku === 'S-PG' ? 'Procter & Gamble' : undefined,
        variants: [{ sku }],
      });
      await keeper.setPrice({ priceListId: standard, sku, unitPrice: { amount: 100, currency: 'EUR' } });
      await keeper.submitProduct({ productId });
      await keeper.publishProduct({ productId });
    }
  });

  test.each([
    ['cafe', ['S-CAFE', 'S-SODA']],
    ['CAFÉ', ['S-CAFE', 'S-SODA']],
    ['cafe\u0301 noir', ['S-CAFE']],
    ['creme brulee', ['S-NFD']],
    ['izmir', ['S-IZMIR']],
    ['İzmir', ['S-IZMIR']],
    ['lodz', ['S-LODZ']],
    ['aero', ['S-AERO']],
    ['हिन्दी', ['S-HINDI']],
    ['हिन्', ['S-HINDI']],
    ['किताब', ['S-HINDI']],
    ['茶', ['S-CHA', 'S-NIHON']],
    ['本茶', ['S-CHA']],
    ['日本', ['S-CHA', 'S-NIHON']],
    ['procter and gamble', ['S-PG']],
    ['procter & gamble', ['S-PG']],
    ['procter und gamble soap', ['S-PG']],
  ])('%s', async (query, expected) => {
    const found = await shopper.searchProducts({ query });
    expect(found.items.flatMap((item) => item.skus).toSorted()).toEqual(expected.toSorted());
    expect(found.correctedQuery).toBeNull();
  });

  test.each(['%', '&', '_', '***', '()'])('signs alone (%s) find nothing', async (query) => {
    expect(await shopper.searchProducts({ query })).toMatchObject({ items: [], total: 0 });
    expect((await keeper.listProducts({ search: query })).items).toEqual([]);
  });

  test('those who keep the catalog find titles alike', async () => {
    const found = async (search: string) =>
      (await keeper.listProducts({ search })).items.flatMap(({ variants }) => variants.map(({ sku }) => sku));
    expect((await found('cafe')).toSorted()).toEqual(['S-CAFE', 'S-SODA']);
    expect(await found('s-lod')).toEqual(['S-LODZ']);
    expect(await found('茶')).toEqual(['S-NIHON', 'S-CHA']);
  });

  test('categories are found however their titles are written, in every language', async () => {
    await keeper.createCategory({ title: { en: 'Café & Crème', pl: 'Łódź' }, slug: 'sweet-things' });
    await keeper.createCategory({ title: { ja: '日本茶' }, slug: 'nihon-cha' });
    const found = async (search: string) =>
      (await keeper.listCategories({ search })).items.map(({ slug }) => slug).toSorted();
    for (const search of ['cafe', 'CREME', 'Cafe\u0301', 'lodz', 'sweet-th'])
      expect(await found(search)).toEqual(['sweet-things']);
    expect(await found('茶')).toEqual(['nihon-cha']);
    for (const search of ['%', '&', 'nothing']) expect(await found(search)).toEqual([]);
    expect((await keeper.listCategories({ search: 'lights', parentId: garden })).items).toHaveLength(1);
  });

  test('documents that earlier rules wrote are written again by the job', async () => {
    const database = platform.database('catalog');
    await database.run(`UPDATE product SET search = '', search_version = 1`);
    expect((await shopper.searchProducts({ query: 'lodz' })).total).toBe(0);
    const before = await keeper.getVariantBySku({ sku: 'S-LODZ' });
    await database.transaction((tx) => refoldBatch(tx));
    expect((await shopper.searchProducts({ query: 'lodz' })).total).toBe(1);
    expect(await keeper.getVariantBySku({ sku: 'S-LODZ' })).toEqual(before);
    expect(await database.transaction((tx) => refoldBatch(tx))).toBe(false);
  });
});
