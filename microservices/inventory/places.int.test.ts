import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { until } from '../chassis/testing/until.ts';
import { inventoryContract } from './contract.ts';
import { inventory } from './index.ts';
import { freshLocation, freshSku, problemOf, remote, stocked } from './testing.ts';

let platform: TestPlatform;
const api = () => platform.client(inventoryContract);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [inventory],
    remote,
    environment: { INVENTORY_EXPIRY_INTERVAL_MS: '100' },
  });
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const levelOf = async (sku: string, locationId: string) => (await api().listLevels({ sku, locationId })).items[0];

describe('locations', () => {
  test('are created, changed, found and listed, the first to be chosen first', async () => {
    const mark = newId('x').slice(-8);
    const late = await api().createLocation({ code: `${mark}-late`, name: 'Far hall', country: 'FR', priority: 9 });
    const early = await api().createLocation({
      code: `${mark}-early`,
      name: 'Near hall',
      country: 'DE',
      priority: 1,
      kind: 'dark_store',
      city: 'Ulm',
    });
    expect(early).toMatchObject({ kind: 'dark_store', city: 'Ulm', active: true });
    expect((await api().listLocations({ search: mark })).items.map(({ id }) => id)).toEqual([early.id, late.id]);
    const [first] = (await api().listLocations({ search: mark, limit: 1 })).items;
    expect(first).toEqual(early);
    expect(await api().updateLocation({ locationId: late.id, active: false, city: 'Metz' })).toEqual({
      ...late,
      active: false,
      city: 'Metz',
      version: 2,
    });
    expect((await api().listLocations({ search: mark, active: true })).items).toEqual([early]);
    expect(await api().getLocation({ locationId: late.id })).toMatchObject({ active: false, city: 'Metz' });
    await platform.waitForEvent(
      'inventory.location_changed',
      ({ subject, sequence }) => subject === late.id && sequence === 2,
    );
  });

  test('pages of every sort meet without gap or repetition', async () => {
    const mark = newId('x').slice(-8);
    for (const priority of [3, 1, 2, 1, 3]) {
      await api().createLocation({ code: `${mark}-${newId('x').slice(-6)}`, name: 'Hall', country: 'DE', priority });
    }
    for (const sort of ['priority', 'code', '-code'] as const) {
      const whole = (await api().listLocations({ search: mark, sort })).items.map(({ id }) => id);
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await api().listLocations({ search: mark, sort, limit: 2, cursor });
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(paged).toEqual(whole);
      expect(new Set(whole).size).toBe(5);
    }
  });

  test('a code belongs to one location', async () => {
    const code = newId('x').slice(-12);
    await api().createLocation({ code, name: 'One', country: 'DE' });
    const other = await freshLocation(api());
    for (const call of [
      () => api().createLocation({ code, name: 'Two', country: 'DE' }),
      () => api().updateLocation({ locationId: other, code }),
    ]) {
      expect(await problemOf(call())).toMatchObject({ status: 409, code: 'LOCATION_CODE_TAKEN', data: { code } });
    }
  });

  test('an unknown one is named', async () => {
    const locationId = newId('loc');
    const sku = freshSku();
    for (const call of [
      () => api().getLocation({ locationId }),
      () => api().updateLocation({ locationId, name: 'x' }),
      () => api().receiveStock({ sku, locationId, quantity: 1 }),
      () => api().adjustStock({ sku, locationId, change: 1, reason: 'found' }),
      () => api().countStock({ sku, locationId, counted: 1 }),
      () => api().setLevel({ sku, locationId, safety: 1 }),
      () => api().expectDelivery({ sku, locationId, quantity: 1 }),
    ]) {
      expect(await problemOf(call())).toMatchObject({ status: 404, code: 'LOCATION_NOT_FOUND', data: { locationId } });
    }
    expect(await problemOf(api().getItem({ sku }))).toMatchObject({ status: 404, code: 'ITEM_NOT_FOUND' });
  });
});

describe('items', () => {
  test('appear with their first stock, are described, searched, sorted and paged', async () => {
    const mark = newId('x').slice(-8);
    const locationId = await freshLocation(api());
    const amounts = [3, 0, 7, 7, 1];
    for (const [index, quantity] of amounts.entries()) {
      const sku = `${mark}-${index}`;
      await api().setItem({ sku, name: `Cup 100% no. ${index}`, barcode: index === 2 ? '4006381333931' : null });
      if (quantity > 0) await api().receiveStock({ sku, locationId, quantity });
    }
    const skus = async (filter: Partial<Parameters<ReturnType<typeof api>['listItems']>[0]>) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await api().listItems({ search: mark, limit: 2, ...filter, cursor });
        found.push(...page.items.map(({ sku }) => sku.slice(-1)));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      return found.join('');
    };
    expect(await skus({})).toBe('01234');
    expect(await skus({ sort: '-sku' })).toBe('43210');
    expect(await skus({ sort: 'available' })).toBe('14023');
    expect(await skus({ sort: '-available' })).toBe('32041');
    expect(await skus({ stock: 'out_of_stock' })).toBe('1');
    expect(await skus({ stock: 'in_stock' })).toBe('0234');
    expect((await api().listItems({ search: '100% NO. 2' })).items.map(({ sku }) => sku)).toContain(`${mark}-2`);
    expect((await api().listItems({ search: '100_' })).items).toEqual([]);
    expect((await api().listItems({ search: '4006381333931' })).items).toHaveLength(1);
    expect(await api().getItem({ sku: `${mark}-2` })).toMatchObject({
      available: 7,
      levels: [{ locationId, onHand: 7 }],
    });
  });

  test('levels are filtered, sorted and paged', async () => {
    const sku = freshSku();
    for (const quantity of [4, 9, 9, 2, 6]) {
      const locationId = await freshLocation(api());
      await api().receiveStock({ sku, locationId, quantity });
      await api().setLevel({ sku, locationId, lowStockThreshold: 4 });
    }
    const amounts: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await api().listLevels({ sku, sort: '-available', limit: 2, cursor });
      amounts.push(...page.items.map(({ available }) => available));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(amounts).toEqual([9, 9, 6, 4, 2]);
    expect(
      (await api().listLevels({ sku, low: true, sort: 'available' })).items.map(({ available }) => available),
    ).toEqual([2, 4]);
    expect((await api().listLevels({ sku, low: false })).items).toHaveLength(3);
  });

  test('anybody may ask what is available; a SKU nobody knows has nothing', async () => {
    const { sku, locationId } = await stocked(api(), 4);
    const second = await freshLocation(api());
    await api().receiveStock({ sku, locationId: second, quantity: 3 });
    await api().reserveStock({ ownerId: 'ord-1', lines: [{ sku, quantity: 1, locationId }] });
    const nobody = platform.client(inventoryContract, { credential: '' });
    const unknown = freshSku();
    expect(await nobody.getAvailability({ skus: [unknown, sku] })).toEqual({
      items: [
        { sku: unknown, available: 0, backorderable: false, incoming: 0 },
        { sku, available: 6, backorderable: false, incoming: 0 },
      ],
    });
    await api().updateLocation({ locationId: second, active: false });
    expect(await nobody.getAvailability({ skus: [sku] })).toMatchObject({ items: [{ available: 3 }] });
    expect(await problemOf(nobody.listItems({}))).toMatchObject({ status: 401 });
  });
});

describe('policy', () => {
  test('safety stock is not sold, and what is sold is all the rest', async () => {
    const at = await stocked(api(), 5);
    expect(await api().setLevel({ ...at, safety: 2 })).toMatchObject({ safety: 2, available: 3 });
    expect(
      await problemOf(api().reserveStock({ ownerId: 'ord-1', lines: [{ sku: at.sku, quantity: 4 }] })),
    ).toMatchObject({
      data: { lines: [{ sku: at.sku, requested: 4, available: 3 }] },
    });
    await api().reserveStock({ ownerId: 'ord-1', lines: [{ sku: at.sku, quantity: 3 }] });
  });

  test('low is said once per fall and replenished once per rise, however many sales come between', async () => {
    const at = await stocked(api(), 10);
    await api().setLevel({ ...at, lowStockThreshold: 5 });
    for (let sold = 0; sold < 8; sold += 1)
      await api().reserveStock({ ownerId: 'ord-1', lines: [{ sku: at.sku, quantity: 1 }] });
    await api().receiveStock({ ...at, quantity: 1 });
    await api().receiveStock({ ...at, quantity: 10 });
    await api().adjustStock({ ...at, change: -9, reason: 'lost' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ available: 4, low: true });
    await api().setLevel({ ...at, lowStockThreshold: null });
    await platform.waitForEvent(
      'inventory.replenished',
      ({ data }) =>
        (data as { sku: string; threshold: unknown }).sku === at.sku &&
        (data as { threshold: unknown }).threshold === null,
    );
    const said = platform
      .events('inventory')
      .filter(({ type, data }) => /low|replenished/.test(type) && (data as { sku: string }).sku === at.sku)
      .map(({ type, data }) => [type, (data as { available: number }).available]);
    expect(said).toEqual([
      ['inventory.low', 5],
      ['inventory.replenished', 13],
      ['inventory.low', 4],
      ['inventory.replenished', 4],
    ]);
  });

  test('fields that are not given stay', async () => {
    const at = await stocked(api(), 1);
    await api().setLevel({ ...at, safety: 1, lowStockThreshold: 3 });
    expect(await api().setLevel({ ...at, backorderable: true, backorderLimit: 7 })).toMatchObject({
      safety: 1,
      lowStockThreshold: 3,
      backorderable: true,
      backorderLimit: 7,
    });
  });

  const said = (sku: string, types: RegExp) =>
    platform
      .events('inventory')
      .filter(({ type, data }) => types.test(type) && (data as { sku?: string }).sku === sku)
      .map(({ type, data }) => [type, (data as { available: number }).available]);

  test('out is said when the last unit is sold, back when there are units again, in turn; the first stock is no news', async () => {
    const at = await stocked(api(), 2);
    await api().setItem({ sku: at.sku, name: 'Paper lantern' });
    const buy = (quantity: number) => api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity }] });
    await buy(1);
    const { id: reservationId } = await buy(1);
    await api().setLevel({ ...at, safety: 1 });
    await api().receiveStock({ ...at, quantity: 1 });
    await api().setLevel({ ...at, safety: 0 });
    await api().receiveStock({ ...at, quantity: 3 });
    await api().countStock({ ...at, counted: 1 });
    await api().countStock({ ...at, counted: 0 });
    await api().countStock({ ...at, counted: 2 });
    await api().releaseReservation({ reservationId });
    await buy(1);
    await api().receiveStock({ ...at, quantity: 7 });
    const last = await platform.waitForEvent(
      'stock.back',
      ({ data }) => (data as { sku: string }).sku === at.sku && (data as { available: number }).available === 7,
    );
    expect(last.data).toEqual({ ...at, onHand: 9, available: 7, title: 'Paper lantern' });
    expect(said(at.sku, /^stock\.(out|back)$/)).toEqual([
      ['stock.out', 0],
      ['stock.back', 1],
      ['stock.out', 0],
      ['stock.back', 1],
      ['stock.out', 0],
      ['stock.back', 7],
    ]);
  });

  test('many levels get their rules at once, all or none', async () => {
    const [one, two] = [await stocked(api(), 5), await stocked(api(), 5)];
    const fresh = { sku: freshSku(), locationId: one.locationId };
    const { levels } = await api().setLevels({
      levels: [
        { ...one, safety: 1, lowStockThreshold: 4 },
        { ...two, backorderable: true },
        { ...fresh, lowStockThreshold: 2 },
      ],
    });
    const found = (at: { sku: string }) => levels.find(({ sku }) => sku === at.sku);
    expect(found(one)).toMatchObject({ safety: 1, lowStockThreshold: 4, available: 4, low: true });
    expect(found(two)).toMatchObject({ backorderable: true, lowStockThreshold: null, available: 5 });
    expect(found(fresh)).toMatchObject({ onHand: 0, low: true, followsDefault: false });
    await platform.waitForEvent('inventory.low', ({ subject }) => subject === `${one.sku}@${one.locationId}`);
    const wrong = { ...two, locationId: newId('loc') };
    expect(await problemOf(api().setLevels({ levels: [{ ...one, safety: 3 }, wrong] }))).toMatchObject({
      code: 'LOCATION_NOT_FOUND',
    });
    expect(await levelOf(one.sku, one.locationId)).toMatchObject({ safety: 1 });
    for (const levels of [[one, one], [{ ...one, followsDefault: true, lowStockThreshold: 3 }]])
      expect(await problemOf(api().setLevels({ levels }))).toMatchObject({ status: 400 });
  });

  test('levels without a threshold of their own follow the default of the shop, old ones, new ones and again', async () => {
    const [plain, own, never] = [await stocked(api(), 8), await stocked(api(), 8), await stocked(api(), 8)];
    await api().setLevels({
      levels: [
        { ...own, lowStockThreshold: 3 },
        { ...never, lowStockThreshold: null },
      ],
    });
    expect(await levelOf(plain.sku, plain.locationId)).toMatchObject({ followsDefault: true, lowStockThreshold: null });
    expect(await api().getStockDefaults({})).toEqual({ lowStockThreshold: null, updatedAt: null });
    await api().setStockDefaults({ lowStockThreshold: 10 });
    expect(await api().getStockDefaults({})).toMatchObject({ lowStockThreshold: 10 });
    const low = await platform.waitForEvent(
      'inventory.low',
      ({ subject }) => subject === `${plain.sku}@${plain.locationId}`,
    );
    expect(low.data).toMatchObject({ available: 8, threshold: 10 });
    const later = await stocked(api(), 9);
    expect(await levelOf(later.sku, later.locationId)).toMatchObject({ lowStockThreshold: 10, low: true });
    await api().setStockDefaults({ lowStockThreshold: 5 });
    await platform.waitForEvent(
      'inventory.replenished',
      ({ subject }) => subject === `${later.sku}@${later.locationId}`,
    );
    expect(await levelOf(own.sku, own.locationId)).toMatchObject({ lowStockThreshold: 3, followsDefault: false });
    expect(await levelOf(never.sku, never.locationId)).toMatchObject({ lowStockThreshold: null, low: false });
    expect(await api().setLevel({ ...own, followsDefault: true })).toMatchObject({
      lowStockThreshold: 5,
      followsDefault: true,
    });
    // As a level with a threshold stood before there were defaults: it is its own.
    await platform
      .database('inventory')
      .run('UPDATE level SET low_stock_threshold = 2, defaults_revision = 0 WHERE sku = $1', [plain.sku]);
    await until(
      'the level of before keeps its threshold',
      () => levelOf(plain.sku, plain.locationId),
      (level) => level?.lowStockThreshold === 2 && !level.followsDefault,
    );
    await api().setStockDefaults({ lowStockThreshold: null });
    await until(
      'the others have none',
      async () => (await levelOf(later.sku, later.locationId))?.lowStockThreshold === null,
    );
    expect(said(never.sku, /low|replenished/)).toEqual([]);
  });
});
