import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let standard: string;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway] });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
  standard = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
});
afterAll(() => platform.stop());

const failure = (code: string, detail: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(detail) as unknown }) as unknown;

const priced = async (sku: string, amount = 1_000): Promise<void> => {
  await keeper.setPrice({ priceListId: standard, sku, unitPrice: { amount, currency: 'EUR' } });
};

const published = async (sku: string, more: Partial<Parameters<typeof keeper.createProduct>[0]> = {}) => {
  const product = await keeper.createProduct({ title: { en: `Thing ${sku}` }, variants: [{ sku }], ...more });
  for (const variant of product.variants) await priced(variant.sku);
  await keeper.submitProduct({ productId: product.id });
  return keeper.publishProduct({ productId: product.id });
};

describe('a product’s way to the shop', () => {
  test('goes from draft over review to published, telling each step, and shoppers see it only then', async () => {
    const draft = await keeper.createProduct({
      title: { en: 'Weiße Laterne', de: 'Weiße Laterne' },
      variants: [{ sku: 'LANTERN' }],
    });
    expect(draft).toMatchObject({ state: 'draft', slug: 'weisse-laterne', version: 1, publishedAt: null });
    await expect(shopper.getProduct({ productId: draft.id })).rejects.toEqual(failure('NOT_FOUND'));
    await expect(shopper.getVariantBySku({ sku: 'LANTERN' })).rejects.toEqual(failure('NOT_FOUND'));

    await expect(keeper.publishProduct({ productId: draft.id })).rejects.toEqual(
      failure('ILLEGAL_STATE', /Possible now: submit, archive/),
    );
    await keeper.submitProduct({ productId: draft.id });
    await expect(keeper.publishProduct({ productId: draft.id })).rejects.toEqual(
      failure('INCOMPLETE', /LANTERN has no price/),
    );
    await priced('LANTERN');
    expect(await keeper.getCompleteness({ productId: draft.id })).toMatchObject({
      publishable: true,
      gaps: [],
      score: 37,
    });
    const shown = await keeper.publishProduct({ productId: draft.id });
    expect(shown).toMatchObject({ state: 'published', version: 3 });

    expect(await shopper.getProductBySlug({ slug: 'weisse-laterne' })).toMatchObject({
      id: draft.id,
      state: 'published',
    });
    expect(await shopper.getVariantBySku({ sku: 'LANTERN' })).toMatchObject({ productId: draft.id, sku: 'LANTERN' });
    const event = await platform.waitForEvent(
      'product.published',
      ({ data }) => (data as { productId: string }).productId === draft.id,
    );
    expect(event.data).toMatchObject({ skus: ['LANTERN'], state: 'published', version: 3 });
    const types = platform
      .events('catalog')
      .filter((each) => each.subject === draft.id)
      .map((each) => each.type);
    expect(types).toEqual(['product.created', 'product.submitted', 'price.changed', 'product.published']);
  });

  test('the review can send it back with a reason; an archived one comes back as a draft', async () => {
    const { id: productId } = await keeper.createProduct({
      title: { en: 'Returned' },
      variants: [{ sku: 'RETURNED' }],
    });
    await keeper.submitProduct({ productId });
    expect(await keeper.rejectProduct({ productId, reason: 'No picture' })).toMatchObject({ state: 'draft' });
    const event = await platform.waitForEvent(
      'product.rejected',
      ({ data }) => (data as { productId: string }).productId === productId,
    );
    expect(event.data).toMatchObject({ reason: 'No picture' });
    expect(await keeper.archiveProduct({ productId })).toMatchObject({ state: 'archived' });
    await expect(keeper.archiveProduct({ productId })).rejects.toEqual(failure('ILLEGAL_STATE'));
    expect(await keeper.restoreProduct({ productId })).toMatchObject({ state: 'draft' });
  });

  test('a published product stays complete: the last price, the last variant on sale and required attributes cannot go', async () => {
    await keeper.defineAttribute({
      code: 'material',
      title: { en: 'Material' },
      type: 'choice',
      options: ['wood', 'metal'],
      facet: true,
    });
    await keeper.defineFamily({ code: 'toys', title: { en: 'Toys' }, required: ['material'] });
    const product = await published('STAYS', { family: 'toys', attributes: { material: 'wood' } });
    const [variant] = product.variants;
    const [price] = (await keeper.listPrices({ priceListId: standard, skuPrefix: 'STAYS' })).items;
    await expect(keeper.removePrice({ priceListId: standard, priceId: price?.id ?? '' })).rejects.toEqual(
      failure('STILL_NEEDED', /STAYS is on sale/),
    );
    await expect(keeper.updateProduct({ productId: product.id, attributes: { material: null } })).rejects.toEqual(
      failure('INCOMPLETE', /"material" is required/),
    );
    await expect(keeper.updateVariant({ variantId: variant?.id ?? '', sellable: false })).rejects.toEqual(
      failure('INCOMPLETE', /no variant on sale/),
    );
    await expect(keeper.removeVariant({ variantId: variant?.id ?? '' })).rejects.toEqual(
      failure('ILLEGAL_STATE', /take the variant off sale/),
    );
    await keeper.defineAttribute({ code: 'age', title: { en: 'From age' }, type: 'number' });
    await expect(
      keeper.defineFamily({ code: 'toys', title: { en: 'Toys' }, required: ['material', 'age'] }),
    ).rejects.toEqual(failure('STILL_NEEDED', /thing-stays/));
    expect(await keeper.getProduct({ productId: product.id })).toMatchObject({
      version: product.version,
      attributes: { material: 'wood' },
    });
    await expect(
      keeper.updatePriceList({ priceListId: standard, validUntil: '2199-01-01T00:00:00.000Z' }),
    ).rejects.toEqual(failure('STILL_NEEDED'));
  });

  test('a variant added to a published product waits off sale for its price', async () => {
    const product = await published('AXES-S', {
      optionAxes: ['size'],
      variants: [{ sku: 'AXES-S', options: { size: 'S' } }],
    });
    const added = await keeper.addVariant({ productId: product.id, sku: 'AXES-M', options: { size: 'M' } });
    expect(added.sellable).toBe(false);
    await expect(keeper.updateVariant({ variantId: added.id, sellable: true })).rejects.toEqual(
      failure('INCOMPLETE', /AXES-M has no price/),
    );
    await priced('AXES-M');
    expect(await keeper.updateVariant({ variantId: added.id, sellable: true })).toMatchObject({ sellable: true });
  });
});

describe('what fits together', () => {
  test('SKU, GTIN and slug are unique, and the answer names the one that is taken', async () => {
    await keeper.createProduct({
      title: { en: 'First' },
      slug: 'first',
      variants: [{ sku: 'UNIQ-1', gtin: '4006381333931' }],
    });
    await expect(keeper.createProduct({ title: { en: 'x' }, variants: [{ sku: 'UNIQ-1' }] })).rejects.toMatchObject({
      code: 'SKU_TAKEN',
      data: { sku: 'UNIQ-1' },
    });
    await expect(
      keeper.createProduct({ title: { en: 'x' }, variants: [{ sku: 'UNIQ-2', gtin: '4006381333931' }] }),
    ).rejects.toMatchObject({
      code: 'GTIN_TAKEN',
      data: { gtin: '4006381333931' },
    });
    await expect(keeper.createProduct({ title: { en: 'x' }, slug: 'first' })).rejects.toEqual(
      failure('SLUG_TAKEN', /"first"/),
    );
    expect(await keeper.createProduct({ title: { en: 'First' } })).toMatchObject({ slug: 'first-2' });
    await expect(
      keeper.createProduct({ title: { en: 'x' }, variants: [{ sku: 'UNIQ-3', gtin: '4006381333932' }] }),
    ).rejects.toEqual(failure('INVALID_INPUT', /check digit/));
  });

  test('variants differ in their option axes, attributes suit their type, references exist', async () => {
    const refused = async (input: Parameters<typeof keeper.createProduct>[0], detail: RegExp) =>
      expect(keeper.createProduct(input)).rejects.toEqual(failure('INVALID_PRODUCT', detail));
    const title = { en: 'Odd' };
    await refused({ title, variants: [{ sku: 'ODD-1' }, { sku: 'ODD-2' }] }, /ODD-2 and ODD-1 have the same options/);
    await refused({ title, optionAxes: ['size'], variants: [{ sku: 'ODD-1' }] }, /no value for the option axis "size"/);
    await refused({ title, variants: [{ sku: 'ODD-1', options: { size: 'M' } }] }, /no option axis/);
    await refused({ title, attributes: { nowhere: 'x' } }, /There is no attribute "nowhere"/);
    await refused({ title, family: 'nowhere' }, /There is no family "nowhere"/);
    await refused({ title, categoryIds: [`cat_${'0'.repeat(32)}`] }, /There is no category/);
    await keeper.defineAttribute({ code: 'born', title: { en: 'Born' }, type: 'date' });
    await refused({ title, attributes: { born: '2026-02-30' } }, /is not a day/);
  });

  test('an attribute in use keeps its type and its chosen values', async () => {
    await keeper.defineAttribute({ code: 'shade', title: { en: 'Shade' }, type: 'choice', options: ['light', 'dark'] });
    await keeper.createProduct({ title: { en: 'Shady' }, attributes: { shade: 'dark' } });
    await expect(keeper.defineAttribute({ code: 'shade', title: { en: 'Shade' }, type: 'number' })).rejects.toEqual(
      failure('ATTRIBUTE_IN_USE', /shady/),
    );
    await expect(
      keeper.defineAttribute({ code: 'shade', title: { en: 'Shade' }, type: 'choice', options: ['light'] }),
    ).rejects.toEqual(failure('ATTRIBUTE_IN_USE'));
    expect(
      await keeper.defineAttribute({
        code: 'shade',
        title: { en: 'Shade' },
        type: 'choice',
        options: ['dark', 'darker'],
      }),
    ).toMatchObject({ options: ['dark', 'darker'] });
  });

  test('of two changes of one version one wins: the stale one of two gets VERSION_CONFLICT', async () => {
    const { id: productId } = await keeper.createProduct({ title: { en: 'Twice' } });
    await keeper.updateProduct({ productId, expectedVersion: 1, brand: 'A' });
    await expect(keeper.updateProduct({ productId, expectedVersion: 1, brand: 'B' })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      data: { expected: 1, actual: 2 },
    });
    const same = await keeper.updateProduct({ productId, brand: 'A' });
    expect(same.version).toBe(2);
  });

  test('of 20 who create the same SKU at once exactly one does', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        keeper.createProduct({ title: { en: 'Race' }, slug: undefined, variants: [{ sku: 'RACE' }] }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect((await keeper.listVariants({ skuPrefix: 'RACE' })).items).toHaveLength(1);
  });

  test('removing a variant of a draft ends its prices', async () => {
    const product = await keeper.createProduct({ title: { en: 'Fleeting' }, variants: [{ sku: 'FLEETING' }] });
    await priced('FLEETING', 700);
    expect(await keeper.removeVariant({ variantId: product.variants[0]?.id ?? '' })).toMatchObject({ sku: 'FLEETING' });
    const event = await platform.waitForEvent('price.changed', ({ data }) => {
      const { sku, unitPrice } = data as { sku: string; unitPrice: unknown };
      return sku === 'FLEETING' && unitPrice === null;
    });
    expect(event.data).toMatchObject({ previous: { amount: 700, currency: 'EUR' } });
    expect((await keeper.listPrices({ priceListId: standard, skuPrefix: 'FLEETING' })).items).toEqual([]);
  });
});

describe('categories', () => {
  test('the tree counts published products below, moves with its branches, and never bites its tail', async () => {
    const home = await keeper.createCategory({ title: { en: 'Home' } });
    const lights = await keeper.createCategory({ title: { en: 'Lights' }, parentId: home.id });
    const candles = await keeper.createCategory({ title: { en: 'Candles' }, parentId: lights.id });
    await published('CANDLE', { categoryIds: [candles.id] });
    const [counted] = (await shopper.listCategories({ top: true, search: 'home' })).items;
    expect(counted).toMatchObject({ id: home.id, products: 1 });
    await expect(keeper.updateCategory({ categoryId: home.id, parentId: candles.id })).rejects.toEqual(
      failure('CATEGORY_CYCLE'),
    );
    await expect(keeper.deleteCategory({ categoryId: lights.id })).rejects.toEqual(
      failure('STILL_NEEDED', /categories below/),
    );
    await expect(keeper.deleteCategory({ categoryId: candles.id })).rejects.toEqual(
      failure('STILL_NEEDED', /thing-candle/),
    );
    await keeper.updateCategory({ categoryId: lights.id, parentId: null });
    expect((await shopper.getCategory({ categoryId: candles.id })).ancestors.map((category) => category.slug)).toEqual([
      'lights',
    ]);
    expect((await keeper.listProducts({ categoryId: lights.id })).items.map((product) => product.slug)).toEqual([
      'thing-candle',
    ]);
    await keeper.deleteCategory({ categoryId: home.id });
    await expect(shopper.getCategory({ categoryId: home.id })).rejects.toEqual(failure('NOT_FOUND'));
  });

  test('two moves that would together close a circle: one of them is refused', async () => {
    const [left, right] = await Promise.all([
      keeper.createCategory({ title: { en: 'Left' } }),
      keeper.createCategory({ title: { en: 'Right' } }),
    ]);
    const outcomes = await Promise.allSettled([
      keeper.updateCategory({ categoryId: left.id, parentId: right.id }),
      keeper.updateCategory({ categoryId: right.id, parentId: left.id }),
    ]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('ten levels are the most', async () => {
    let parentId: string | null = null;
    for (let level = 1; level <= 10; level += 1)
      parentId = (await keeper.createCategory({ title: { en: `Level ${level}` }, parentId })).id;
    await expect(keeper.createCategory({ title: { en: 'Level 11' }, parentId })).rejects.toEqual(failure('TOO_DEEP'));
  });
});

describe('lists', () => {
  test('page by page every product comes exactly once', async () => {
    const all = new Set<string>();
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { items, nextCursor } = await keeper.listProducts({ limit: 3, cursor });
      for (const product of items) {
        expect(all.has(product.id)).toBe(false);
        all.add(product.id);
      }
      cursor = nextCursor ?? undefined;
      pages += 1;
    } while (cursor);
    const { count } = await platform.database('catalog').one<{ count: number }>('SELECT count(*) FROM product');
    expect(all.size).toBe(count);
    expect(pages).toBe(Math.ceil(count / 3));
  });

  test('a cursor that no list returned is a clear 400, also when no column can hold its values', async () => {
    const forged = [Buffer.from('["prd_1"]'), Buffer.from('["\\u0000"]'), Buffer.from('nonsense')].map((text) =>
      text.toString('base64url'),
    );
    for (const cursor of forged) {
      await expect(keeper.listProducts({ cursor })).rejects.toEqual(failure('INVALID_CURSOR'));
    }
    await expect(
      keeper.listCategories({ cursor: Buffer.from('[0, "\\u0000"]').toString('base64url') }),
    ).rejects.toEqual(failure('INVALID_CURSOR', /Leave it out/));
  });
});
