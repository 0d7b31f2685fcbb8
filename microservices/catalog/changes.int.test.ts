import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let standard: string;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog] });
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

describe('texts in several languages', () => {
  test('a change in one language keeps the others; null removes one', async () => {
    const { id: productId } = await keeper.createProduct({
      title: { en: 'Tea', de: 'Tee' },
      description: { en: 'Green' },
      variants: [{ sku: 'TEA-TEXTS', title: { en: 'Tin', de: 'Dose' } }],
    });
    expect(await keeper.updateProduct({ productId, title: { fr: 'Thé' }, description: { de: 'Grün' } })).toMatchObject({
      title: { en: 'Tea', de: 'Tee', fr: 'Thé' },
      description: { en: 'Green', de: 'Grün' },
    });
    const less = await keeper.updateProduct({ productId, title: { de: null }, description: { en: null, de: null } });
    expect([less.title, less.description]).toEqual([{ en: 'Tea', fr: 'Thé' }, null]);
    await expect(keeper.updateProduct({ productId, title: { en: null, fr: null } })).rejects.toEqual(
      failure('INVALID_INPUT', /at least one language/),
    );
    const variantId = less.variants[0]?.id ?? '';
    expect(await keeper.updateVariant({ variantId, title: { de: 'Büchse' } })).toMatchObject({
      title: { en: 'Tin', de: 'Büchse' },
    });
    expect(await keeper.updateVariant({ variantId, title: { en: null, de: null } })).toMatchObject({ title: null });
  });

  test('so do categories', async () => {
    const { id: categoryId } = await keeper.createCategory({ title: { en: 'Drinks' }, description: { en: 'All' } });
    expect(
      await keeper.updateCategory({ categoryId, title: { 'pt-br': 'Bebidas' }, description: { en: null } }),
    ).toMatchObject({
      title: { en: 'Drinks', 'pt-BR': 'Bebidas' },
      description: null,
    });
  });

  test('two people who change two languages at once both find their own', async () => {
    const { id: productId } = await keeper.createProduct({ title: { en: 'Cup' }, variants: [{ sku: 'CUP-TWO' }] });
    await Promise.all(
      ['de', 'fr', 'it', 'es'].map((tag) => keeper.updateProduct({ productId, title: { [tag]: tag } })),
    );
    expect((await keeper.getProduct({ productId })).title).toEqual({
      en: 'Cup',
      de: 'de',
      fr: 'fr',
      it: 'it',
      es: 'es',
    });
  });
});

describe('If-Match', () => {
  const patch = async (
    path: string,
    body: object,
    ifMatch: string,
  ): Promise<{ status: number; body: { code?: string; version?: number } }> => {
    const response = await fetch(`${platform.url}/v1${path}`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        'if-match': ifMatch,
        authorization: `Bearer ${platform.adminKey}`,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as { code?: string; version?: number } };
  };

  test('a change of a version that is no longer there is refused with 412', async () => {
    const { id } = await keeper.createProduct({ title: { en: 'Bowl' }, variants: [{ sku: 'BOWL' }] });
    expect(await patch(`/products/${id}`, { brand: 'A' }, '"1"')).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await patch(`/products/${id}`, { brand: 'B' }, '"1"')).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED' },
    });
    expect(await patch(`/products/${id}`, { brand: 'B' }, 'W/"9c-x"')).toMatchObject({ status: 412 });
    expect(await patch(`/products/${id}`, { brand: 'C' }, '*')).toMatchObject({ status: 200, body: { version: 3 } });
    expect((await keeper.getProduct({ productId: id })).brand).toBe('C');
  });

  test('If-Match is refused where nothing counts versions', async () => {
    const { id } = await keeper.createCategory({ title: { en: 'No versions' } });
    expect(await patch(`/categories/${id}`, { position: 1 }, '"1"')).toMatchObject({
      status: 400,
      body: { code: 'IF_MATCH_NOT_SUPPORTED' },
    });
  });
});

describe('labels of shops that move in', () => {
  test.each(['AB 12', 'GRÖSSE-M', 'a/b', '50%', '茶-1'])('%s is a SKU from the catalog to the prices', async (sku) => {
    const product = await published(sku);
    expect(product.variants).toMatchObject([{ sku }]);
    expect(await shopper.getVariantBySku({ sku })).toMatchObject({ sku });
    expect(await shopper.getVariantBySku({ sku: ` ${sku.normalize('NFD')} ` })).toMatchObject({ sku });
    const { items } = await keeper.listVariants({ limit: 200 });
    expect(items.map((each) => each.sku)).toContain(sku);
  });
});

describe('a field that nobody knows', () => {
  test('is refused, in commands and in lists, with the one that was probably meant', async () => {
    const wrong = { title: { en: 'X' }, ...{ brnad: 'Y' } };
    await expect(keeper.createProduct(wrong)).rejects.toEqual(
      failure('INVALID_INPUT', /^brnad: .*did you mean "brand"/),
    );
    const nested = { title: { en: 'X' }, variants: [{ sku: 'X', ...{ weight: 1 } }] };
    await expect(keeper.createProduct(nested)).rejects.toEqual(failure('INVALID_INPUT', /^variants\.0\.weight: /));
    const filter = { limit: 1, ...{ status: 'draft' } };
    await expect(keeper.listProducts(filter)).rejects.toEqual(
      failure('INVALID_INPUT', /^status: there is no field "status" here: did you mean "state"/),
    );
  });
});
