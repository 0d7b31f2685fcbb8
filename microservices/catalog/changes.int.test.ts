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
  interface Answered {
    status: number;
    etag: string | null;
    body: { code?: string; version?: number };
  }
  const send = async (
    method: 'GET' | 'PATCH' | 'PUT' | 'POST',
    path: string,
    body?: object,
    ifMatch?: string,
  ): Promise<Answered> => {
    const response = await fetch(`${platform.url}/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${platform.adminKey}`,
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: (await response.json()) as Answered['body'],
    };
  };
  const patch = (path: string, body: object, ifMatch: string) => send('PATCH', path, body, ifMatch);

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

  test('the ETag of an answer is what If-Match takes, for variants, categories and price lists too', async () => {
    const { variants } = await keeper.createProduct({ title: { en: 'Jug' }, variants: [{ sku: 'JUG' }] });
    const { id: categoryId } = await keeper.createCategory({ title: { en: 'Jugs' } });
    const { id: listId } = await keeper.createPriceList({ code: 'jugs', title: 'Jugs', currency: 'EUR' });
    const changes: [path: string, change: object][] = [
      [`/variants/${variants[0]?.id ?? ''}`, { weightGrams: 5 }],
      [`/categories/${categoryId}`, { position: 1 }],
      [`/price-lists/${listId}`, { title: 'All jugs' }],
    ];
    for (const [path, change] of changes) {
      expect(await send('GET', path)).toMatchObject({ status: 200, etag: '"1"', body: { version: 1 } });
      expect(await patch(path, change, '"1"')).toMatchObject({ status: 200, etag: '"2"', body: { version: 2 } });
      expect(await patch(path, change, '"1"')).toMatchObject({ status: 412, etag: null });
      expect(await send('GET', path)).toMatchObject({ etag: '"2"' });
    }
  });

  test('definitions count from 0, when nobody has made them yet, and keep their other languages', async () => {
    const attribute = (title: object) => ({ title, type: 'text' });
    const family = (title: object) => ({ title, optional: ['glaze'] });
    const definitions = [
      ['/catalog/attributes/glaze', attribute],
      ['/catalog/families/pottery', family],
    ] as const;
    for (const [path, body] of definitions) {
      expect(await send('PUT', path, body({ en: 'E' }), '"0"')).toMatchObject({ status: 200, etag: '"1"' });
      expect(await send('PUT', path, body({ en: 'E' }), '"0"')).toMatchObject({ status: 412 });
      expect(await send('PUT', path, body({ de: 'D' }), '"1"')).toMatchObject({
        status: 200,
        body: { version: 2, title: { en: 'E', de: 'D' } },
      });
      expect(await send('PUT', path, body({ de: null }))).toMatchObject({ body: { version: 3, title: { en: 'E' } } });
    }
  });

  test('of ten who change one version at once, one does', async () => {
    const { id } = await keeper.createCategory({ title: { en: 'Raced' } });
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, position) => patch(`/categories/${id}`, { position }, '"1"')),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  test('If-Match is refused where nothing counts versions', async () => {
    expect(await send('POST', '/categories', { title: { en: 'No versions' } }, '"1"')).toMatchObject({
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
