import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { inventoryContract } from './contract.ts';
import { inventory } from './index.ts';
import { problemOf, remote, stocked } from './testing.ts';

let platform: TestPlatform;
const api = () => platform.client(inventoryContract);
const owner = () => newId('ord');

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [inventory],
    remote,
    environment: { INVENTORY_EXPIRY_INTERVAL_MS: '50' },
  });
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const levelOf = async (sku: string, locationId: string) => (await api().listLevels({ sku, locationId })).items[0];
describe('time', () => {
  test('what nobody commits in time expires by itself and can be sold again', async () => {
    const at = await stocked(api(), 1);
    const { id: reservationId } = await api().reserveStock({
      ownerId: owner(),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 1,
    });
    await platform.waitForEvent('inventory.expired', ({ subject }) => subject === reservationId);
    expect(await api().getReservation({ reservationId })).toMatchObject({ state: 'expired' });
    expect(await problemOf(api().commitReservation({ reservationId }))).toMatchObject({
      status: 409,
      code: 'RESERVATION_EXPIRED',
    });
    expect(await problemOf(api().extendReservation({ reservationId, expiresInSeconds: 9 }))).toMatchObject({
      code: 'RESERVATION_EXPIRED',
    });
    expect(await api().releaseReservation({ reservationId })).toMatchObject({ state: 'expired' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ reserved: 0, available: 1 });
    await api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 1 }] });
  });

  test('more reservations than one batch of the job expire all', async () => {
    const at = await stocked(api(), 120);
    const due = await Promise.all(
      Array.from({ length: 120 }, () =>
        api().reserveStock({ ownerId: owner(), lines: [{ sku: at.sku, quantity: 1 }], expiresInSeconds: 3_600 }),
      ),
    );
    await platform
      .database('inventory')
      .run(`UPDATE reservation SET expires_at = now() WHERE id = ANY ($1::text[])`, [due.map(({ id }) => id)]);
    await Promise.all(due.map(({ id }) => platform.waitForEvent('inventory.expired', ({ subject }) => subject === id)));
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 120, reserved: 0 });
  });

  test('extended, it holds longer, never shorter', async () => {
    const at = await stocked(api(), 1);
    const { id: reservationId } = await api().reserveStock({
      ownerId: owner(),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 1,
    });
    const extended = await api().extendReservation({ reservationId, expiresInSeconds: 600 });
    expect(await api().extendReservation({ reservationId, expiresInSeconds: 1 })).toEqual(extended);
    await sleep(1_300);
    expect(await api().commitReservation({ reservationId })).toMatchObject({
      state: 'committed',
      expiresAt: extended.expiresAt,
    });
  });
});

describe('returns', () => {
  test('put units back where they came from, never more than were taken', async () => {
    const at = await stocked(api(), 5);
    const { id: reservationId } = await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 4 }] });
    expect(await problemOf(api().shipStock({ reservationId }))).toMatchObject({ code: 'ILLEGAL_STATE' });
    expect(await problemOf(api().returnStock({ reservationId }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'reserved' },
    });
    await api().commitReservation({ reservationId });
    await api().shipStock({ reservationId });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 1, allocated: 0 });
    const lines = [{ sku: at.sku, quantity: 3 }];
    expect((await api().returnStock({ reservationId, lines })).lines).toMatchObject([{ quantity: 4, returned: 3 }]);
    expect(await problemOf(api().returnStock({ reservationId, lines }))).toMatchObject({
      status: 409,
      code: 'TOO_MUCH_RETURNED',
      data: { lines: [{ sku: at.sku, requested: 3, returnable: 1 }] },
    });
    expect(await api().returnStock({ reservationId })).toMatchObject({ state: 'returned' });
    expect(await api().returnStock({ reservationId })).toMatchObject({ state: 'returned' });
    expect(await problemOf(api().returnStock({ reservationId, lines }))).toMatchObject({ code: 'TOO_MUCH_RETURNED' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 5, available: 5 });
    expect(
      (await api().listMovements({ causeId: reservationId, kind: 'return_to_stock' })).items.map(
        ({ change }) => change,
      ),
    ).toEqual([1, 3]);
  });

  test('many at once give back each piece once', async () => {
    const at = await stocked(api(), 4);
    const { id: reservationId } = await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 4 }] });
    await api().commitReservation({ reservationId });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => api().returnStock({ reservationId, lines: [{ sku: at.sku, quantity: 1 }] })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 4 });
  });
});

describe('shipping', () => {
  test('takes units off the shelf for owners that are not orders, never more than are allocated', async () => {
    const at = await stocked(api(), 5);
    const { id: reservationId } = await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 4 }] });
    await api().commitReservation({ reservationId });
    const lines = [{ sku: at.sku, quantity: 3 }];
    expect((await api().shipStock({ reservationId, lines })).lines).toMatchObject([{ shipped: 3, allocated: 1 }]);
    expect(await problemOf(api().shipStock({ reservationId, lines }))).toMatchObject({
      status: 409,
      code: 'TOO_MUCH_SHIPPED',
      data: { lines: [{ sku: at.sku, requested: 3, allocated: 1 }] },
    });
    expect((await api().returnStock({ reservationId, lines: [{ sku: at.sku, quantity: 4 }] })).state).toBe('returned');
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 5, allocated: 0, available: 5 });
    const { items } = await api().getReservationTimeline({ reservationId });
    expect(items.map(({ kind, lines: parts }) => [kind, parts[0]?.quantity])).toEqual([
      ['reserved', 4],
      ['committed', 4],
      ['shipped', 3],
      ['returned', 3],
      ['released', 1],
    ]);
    const first = await api().getReservationTimeline({ reservationId, limit: 2 });
    const rest = await api().getReservationTimeline({ reservationId, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...rest.items]).toEqual(items);
    const missing = { reservationId: newId('res') };
    expect(await problemOf(api().getReservationTimeline(missing))).toMatchObject({ code: 'RESERVATION_NOT_FOUND' });
  });

  test('of an order is done by the order', async () => {
    const at = await stocked(api(), 5);
    const ownerId = owner();
    const { id: reservationId } = await api().reserveStock({ ownerId, lines: [{ sku: at.sku, quantity: 4 }] });
    await api().commitReservation({ reservationId });
    expect(await problemOf(api().shipStock({ reservationId }))).toMatchObject({
      status: 409,
      code: 'SHIPPED_BY_ORDER',
      data: { orderId: ownerId },
    });
  });

  test('many at once ship each unit once', async () => {
    const at = await stocked(api(), 4);
    const { id: reservationId } = await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 4 }] });
    await api().commitReservation({ reservationId });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => api().shipStock({ reservationId, lines: [{ sku: at.sku, quantity: 1 }] })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 0, allocated: 0 });
  });
});
