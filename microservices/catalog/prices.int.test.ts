import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { catalogContract } from './contract.ts';
import { catalog } from './index.ts';

const DAY = 86_400_000;
/** The shop's clock, which these tests move. */
let clock = new Date('2026-03-01T09:00:00.000Z');
const after = (milliseconds: number): void => {
  clock = new Date(clock.getTime() + milliseconds);
};
const at = (milliseconds: number): string => new Date(clock.getTime() + milliseconds).toISOString();

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let standard: string;

beforeAll(async () => {
  platform = await startTestPlatform({ services: [catalog], remote: [inventoryAway], now: () => clock });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
  standard = (await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' })).id;
});
afterAll(() => platform.stop());

const failure = (code: string, detail: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(detail) as unknown }) as unknown;
const euros = (amount: number) => ({ amount, currency: 'EUR' });
const set = (priceListId: string, sku: string, amount: number, minQuantity = 1) =>
  keeper.setPrice({ priceListId, sku, unitPrice: euros(amount), minQuantity });

const onSale = async (sku: string, amount: number, more: Partial<Parameters<typeof keeper.createProduct>[0]> = {}) => {
  const product = await keeper.createProduct({
    title: { en: `Thing ${sku}`, de: `Ding ${sku}` },
    variants: [{ sku }],
    ...more,
  });
  await keeper.setPrices({
    priceListId: standard,
    prices: product.variants.map((variant) => ({ sku: variant.sku, unitPrice: euros(amount) })),
  });
  await keeper.submitProduct({ productId: product.id });
  return keeper.publishProduct({ productId: product.id });
};
const costs = async (sku: string, quantity = 1, customerGroup?: string) => {
  const { lines, missing } = await keeper.resolvePrices({ lines: [{ sku, quantity }], currency: 'EUR', customerGroup });
  return lines[0]?.unitPrice.amount ?? missing[0]?.reason;
};

describe('resolving prices', () => {
  test('returns lines in the order and language asked for, with all that a cart needs', async () => {
    const product = await onSale('MUG-R', 900, {
      title: { en: 'Mug', de: 'Becher' },
      optionAxes: ['size', 'colour'],
      variants: [
        {
          sku: 'MUG-R',
          options: { colour: 'red', size: 'M' },
          weightGrams: 350,
          taxCategory: 'reduced',
          requiresShipping: true,
        },
      ],
    });
    await onSale('BOOK', 500);
    const answer = await shopper.resolvePrices({
      lines: [
        { sku: 'BOOK', quantity: 2 },
        { sku: 'NOWHERE', quantity: 1 },
        { sku: 'MUG-R', quantity: 3 },
        { sku: 'BOOK', quantity: 7 },
      ],
      currency: 'EUR',
      locale: 'de-AT',
    });
    expect(answer.lines.map(({ sku, quantity }) => `${quantity} ${sku}`)).toEqual(['2 BOOK', '3 MUG-R', '7 BOOK']);
    expect(answer.missing).toEqual([{ sku: 'NOWHERE', reason: 'unknown_sku' }]);
    expect(answer.lines[1]).toEqual({
      sku: 'MUG-R',
      quantity: 3,
      productId: product.id,
      variantId: product.variants[0]?.id,
      title: 'Becher',
      variantTitle: 'M, red',
      priceId: expect.stringMatching(/^prc_/) as unknown,
      priceVersion: 1,
      unitPrice: euros(900),
      taxInclusive: true,
      taxCategory: 'reduced',
      weightGrams: 350,
      requiresShipping: true,
    });
  });

  test('gives the reason why there is no price: draft, off sale, other currency', async () => {
    await keeper.createProduct({ title: { en: 'Draft' }, variants: [{ sku: 'DRAFTED' }] });
    await set(standard, 'DRAFTED', 100);
    const product = await onSale('SIDE-1', 100, {
      optionAxes: ['n'],
      variants: [
        { sku: 'SIDE-1', options: { n: '1' } },
        { sku: 'SIDE-2', options: { n: '2' } },
      ],
    });
    await keeper.updateVariant({
      variantId: product.variants.find(({ sku }) => sku === 'SIDE-2')?.id ?? '',
      sellable: false,
    });
    const lines = ['DRAFTED', 'SIDE-2', 'SIDE-1'].map((sku) => ({ sku, quantity: 1 }));
    expect((await shopper.resolvePrices({ lines, currency: 'EUR' })).missing).toEqual([
      { sku: 'DRAFTED', reason: 'not_published' },
      { sku: 'SIDE-2', reason: 'not_sellable' },
    ]);
    expect((await shopper.resolvePrices({ lines: lines.slice(2), currency: 'JPY' })).missing).toEqual([
      { sku: 'SIDE-1', reason: 'no_price' },
    ]);
  });

  test('a sale wins by priority while it lasts, a tier by quantity, a group’s list over all, and group prices are not public', async () => {
    await onSale('TIERED', 1_000);
    await set(standard, 'TIERED', 900, 10);
    const sale = await keeper.createPriceList({
      code: 'spring',
      title: 'Spring',
      currency: 'EUR',
      priority: 10,
      validFrom: at(DAY),
      validUntil: at(3 * DAY),
    });
    await set(sale.id, 'TIERED', 800);
    const trade = await keeper.createPriceList({
      code: 'trade',
      title: 'Trade',
      currency: 'EUR',
      customerGroup: 'trade',
      taxInclusive: false,
    });
    await set(trade.id, 'TIERED', 950);
    expect(await costs('TIERED', 9)).toBe(1_000);
    expect(await costs('TIERED', 10)).toBe(900);
    expect(await costs('TIERED', 10, 'trade')).toBe(950);
    after(DAY);
    expect(await costs('TIERED', 10)).toBe(800);
    expect(await costs('TIERED', 1, 'trade')).toBe(950);
    expect(await costs('TIERED', 1, 'other')).toBe(800);
    after(2 * DAY);
    expect(await costs('TIERED', 10)).toBe(900);
    await expect(set(sale.id, 'TIERED', 1)).rejects.toEqual(failure('LIST_ENDED'));
    const asShopper = shopper.resolvePrices({
      lines: [{ sku: 'TIERED', quantity: 1 }],
      currency: 'EUR',
      customerGroup: 'trade',
    });
    await expect(asShopper).rejects.toEqual(failure('GROUP_PRICES_NEED_A_KEY', /Leave customerGroup out/));
  });

  test('200 lines are one statement', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => ({
      sku: index % 2 === 0 ? 'TIERED' : `NONE-${index}`,
      quantity: index + 1,
    }));
    const answer = await shopper.resolvePrices({ lines, currency: 'EUR' });
    expect(answer.lines).toHaveLength(100);
    expect(answer.missing).toHaveLength(100);
    await expect(
      shopper.resolvePrices({ lines: [...lines, { sku: 'X', quantity: 1 }], currency: 'EUR' }),
    ).rejects.toEqual(failure('INVALID_INPUT'));
  });
});

describe('the price shown is the price charged', () => {
  test('id and version always name the same amount; the same amount again is no new version', async () => {
    await onSale('SNAP', 1_500);
    const [shown] = (await shopper.resolvePrices({ lines: [{ sku: 'SNAP', quantity: 1 }], currency: 'EUR' })).lines;
    expect(await set(standard, 'SNAP', 1_500)).toMatchObject({ id: shown?.priceId, version: 1 });
    after(DAY);
    expect(await set(standard, 'SNAP', 1_200)).toMatchObject({ id: shown?.priceId, version: 2 });
    const snapshot = await keeper.getPriceSnapshot({ priceId: shown?.priceId ?? '', version: 1 });
    expect(snapshot).toMatchObject({
      sku: 'SNAP',
      unitPrice: euros(1_500),
      taxInclusive: true,
      until: clock.toISOString(),
    });
    await expect(keeper.getPriceSnapshot({ priceId: shown?.priceId ?? '', version: 3 })).rejects.toEqual(
      failure('NOT_FOUND'),
    );
    const event = await platform.waitForEvent(
      'price.changed',
      ({ data }) => (data as { priceVersion: number; sku: string }).priceVersion === 2,
    );
    expect(event.data).toMatchObject({ sku: 'SNAP', previous: euros(1_500), unitPrice: euros(1_200) });
  });

  test('a price that becomes lower is announced as dropped; one that rises, ends or begins is not', async () => {
    await onSale('DROP', 1_500);
    for (const amount of [1_800, 1_200, 1_201, 900]) await set(standard, 'DROP', amount);
    await platform.waitForEvent(
      'price.dropped',
      ({ data }) => (data as { unitPrice: { amount: number } }).unitPrice.amount === 900,
    );
    const told = platform
      .events('catalog')
      .filter(({ type, data }) => type === 'price.dropped' && (data as { sku: string }).sku === 'DROP');
    expect(told.map(({ data }) => data)).toMatchObject([
      { previous: euros(1_800), unitPrice: euros(1_200), percent: 33 },
      { previous: euros(1_201), unitPrice: euros(900), percent: 25 },
    ]);
  });

  test('50 who set different prices at once leave consecutive versions and one standing', async () => {
    await onSale('CONTESTED', 1);
    await Promise.all(Array.from({ length: 50 }, (_, index) => set(standard, 'CONTESTED', index + 100)));
    const versions = await platform
      .database('catalog')
      .rows<{ version: number; open: boolean }>(
        `SELECT v.version, v.valid_until IS NULL AS open FROM price_version v JOIN price p ON p.id = v.price_id WHERE p.sku = 'CONTESTED' ORDER BY v.version`,
      );
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
    expect(versions.filter(({ open }) => open)).toEqual([{ version: 51, open: true }]);
  });

  test('many prices are set all or none', async () => {
    await onSale('BULK', 300);
    const prices = [
      { sku: 'BULK', unitPrice: euros(200) },
      { sku: 'NOT-THERE', unitPrice: euros(200) },
    ];
    await expect(keeper.setPrices({ priceListId: standard, prices })).rejects.toMatchObject({
      code: 'UNKNOWN_SKU',
      data: { skus: ['NOT-THERE'] },
    });
    expect(await costs('BULK')).toBe(300);
    const wrong = keeper.setPrice({ priceListId: standard, sku: 'BULK', unitPrice: { amount: 1, currency: 'USD' } });
    await expect(wrong).rejects.toEqual(failure('CURRENCY_MISMATCH', /in EUR; the price of BULK is in USD/));
  });

  test('a removed price leaves the list and comes back as the next version', async () => {
    await keeper.createProduct({ title: { en: 'Gone' }, variants: [{ sku: 'GONE' }] });
    const price = await set(standard, 'GONE', 400);
    await keeper.removePrice({ priceListId: standard, priceId: price.id });
    await expect(keeper.removePrice({ priceListId: standard, priceId: price.id })).rejects.toEqual(
      failure('NOT_FOUND'),
    );
    expect(await set(standard, 'GONE', 400)).toMatchObject({ id: price.id, version: 2 });
  });
});

describe('price lists', () => {
  test('only the future changes: a begun list keeps its beginning, an ended one stays ended', async () => {
    const list = await keeper.createPriceList({ code: 'summer', title: 'Summer', currency: 'EUR', validFrom: at(DAY) });
    await keeper.updatePriceList({ priceListId: list.id, validFrom: at(2 * DAY) });
    await expect(keeper.updatePriceList({ priceListId: list.id, validFrom: at(-DAY) })).rejects.toEqual(
      failure('INVALID_PERIOD', /change the price history/),
    );
    after(2 * DAY);
    await expect(keeper.updatePriceList({ priceListId: list.id, validFrom: at(DAY) })).rejects.toEqual(
      failure('INVALID_PERIOD', /cannot change any more/),
    );
    await expect(keeper.updatePriceList({ priceListId: list.id, validUntil: at(-1) })).rejects.toEqual(
      failure('INVALID_PERIOD', /in the past/),
    );
    await keeper.updatePriceList({ priceListId: list.id, validUntil: at(DAY) });
    after(DAY);
    await expect(keeper.updatePriceList({ priceListId: list.id, validUntil: null })).rejects.toEqual(
      failure('LIST_ENDED', /stays ended/),
    );
    expect(await keeper.updatePriceList({ priceListId: list.id, title: 'Summer past' })).toMatchObject({
      title: 'Summer past',
    });
    await expect(keeper.createPriceList({ code: 'summer', title: 'x', currency: 'EUR' })).rejects.toMatchObject({
      code: 'CODE_TAKEN',
      data: { priceListId: list.id },
    });
    await expect(
      keeper.createPriceList({ code: 'odd', title: 'x', currency: 'EUR', validFrom: at(DAY), validUntil: at(0) }),
    ).rejects.toEqual(failure('INVALID_PERIOD'));
    expect((await keeper.listPriceLists({ currency: 'EUR', code: 'summer' })).items).toHaveLength(1);
  });
});

describe('price history (Omnibus)', () => {
  test('returns the lowest price of the 30 days before a reduction, sales included, older ones not', async () => {
    await onSale('OMNI', 1_000);
    after(5 * DAY);
    await set(standard, 'OMNI', 500); // forgotten by the time of the reduction
    after(5 * DAY);
    await set(standard, 'OMNI', 1_000);
    const flash = await keeper.createPriceList({
      code: 'flash',
      title: 'Flash',
      currency: 'EUR',
      priority: 5,
      validFrom: at(15 * DAY),
      validUntil: at(16 * DAY),
    });
    await set(flash.id, 'OMNI', 900);
    after(35 * DAY);
    await set(standard, 'OMNI', 950);
    after(3 * DAY);
    const history = await shopper.getPriceHistory({ sku: 'OMNI', currency: 'EUR' });
    expect(history).toMatchObject({
      reduced: true,
      current: { unitPrice: euros(950), until: null },
      priorLowest: { unitPrice: euros(900), priceListId: flash.id },
    });
    expect(history.history.map((period) => period.unitPrice.amount)).toEqual([1_000, 900, 1_000, 950]);
    expect((await shopper.getPriceHistory({ sku: 'OMNI', currency: 'EUR', days: 60 })).priorLowest).toMatchObject({
      unitPrice: euros(500),
    });
  });

  test('a first price has no prior one', async () => {
    await onSale('FRESH', 100);
    expect(await shopper.getPriceHistory({ sku: 'FRESH', currency: 'EUR' })).toMatchObject({
      reduced: false,
      priorLowest: null,
      current: { unitPrice: euros(100) },
    });
    await expect(shopper.getPriceHistory({ sku: 'DRAFTED', currency: 'EUR' })).rejects.toEqual(failure('NOT_FOUND'));
  });
});
