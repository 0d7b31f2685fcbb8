import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { inventoryContract } from './contract.ts';
import { inventory } from './index.ts';
import { freshLocation, freshSku, problemOf, remote, stocked } from './testing.ts';

let platform: TestPlatform;
const api = () => platform.client(inventoryContract);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [inventory],
    remote,
  });
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const levelOf = async (sku: string, locationId: string) => (await api().listLevels({ sku, locationId })).items[0];

describe('the ledger', () => {
  test('receipts, adjustments and counts change what is on hand, each with its cause', async () => {
    const at = await stocked(api(), 10);
    const adjusted = await api().adjustStock({ ...at, change: -3, reason: 'broken in the hall' });
    expect(adjusted.movement).toMatchObject({
      kind: 'adjustment',
      change: -3,
      onHandAfter: 7,
      reason: 'broken in the hall',
      actor: 'key:administrator',
    });
    expect(adjusted.level).toMatchObject({ onHand: 7, available: 7 });
    const counted = await api().countStock({ ...at, counted: 9 });
    expect(counted.movement).toMatchObject({ kind: 'count', change: 2, onHandAfter: 9 });
    await api().receiveStock({ ...at, quantity: 5, reference: 'PO-7' });
    const { items } = await api().listMovements({ sku: at.sku });
    expect(items.map(({ kind, change, onHandAfter }) => [kind, change, onHandAfter])).toEqual([
      ['receipt', 5, 14],
      ['count', 2, 9],
      ['adjustment', -3, 7],
      ['receipt', 10, 10],
    ]);
    expect((await api().listMovements({ causeId: 'PO-7', sku: at.sku })).items).toHaveLength(1);
    const event = await platform.waitForEvent(
      'inventory.adjusted',
      ({ subject }) => subject === `${at.sku}@${at.locationId}`,
    );
    expect(event.data).toEqual({ ...at, change: -3, reason: 'broken in the hall', onHand: 7, available: 7 });
  });

  test('units that are promised or not there cannot be taken away', async () => {
    const at = await stocked(api(), 10);
    const reserve = (quantity: number) => api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity }] });
    await api().commitReservation({ reservationId: (await reserve(2)).id });
    await reserve(4);
    expect(await problemOf(api().adjustStock({ ...at, change: -5, reason: 'lost' }))).toMatchObject({
      status: 409,
      code: 'INSUFFICIENT_STOCK',
      data: { lines: [{ ...at, requested: 5, free: 4 }] },
    });
    expect((await api().adjustStock({ ...at, change: -4, reason: 'lost' })).level).toMatchObject({
      onHand: 6,
      reserved: 4,
      allocated: 2,
      available: 0,
    });
  });

  test('a count says how many there are, whatever was promised; nothing more is sold until it is made good', async () => {
    const at = await stocked(api(), 10);
    await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 6 }] });
    expect(await api().countStock({ ...at, counted: 0 })).toMatchObject({
      movement: { kind: 'count', change: -10, onHandAfter: 0 },
      level: { onHand: 0, reserved: 6, available: 0, short: 6 },
    });
    const reserve = () => api().reserveStock({ ownerId: 'late', lines: [{ sku: at.sku, quantity: 1 }] });
    expect(await problemOf(reserve())).toMatchObject({ code: 'OUT_OF_STOCK' });
    expect((await api().receiveStock({ ...at, quantity: 6 })).level).toMatchObject({ available: 0, short: 0 });
    expect(await problemOf(reserve())).toMatchObject({ code: 'OUT_OF_STOCK' });
    await api().receiveStock({ ...at, quantity: 1 });
    await reserve();
  });

  test('the same Idempotency-Key books once, and another body under it is refused', async () => {
    const at = await stocked(api(), 1);
    const idempotencyKey = newId('key');
    const first = await api().receiveStock({ ...at, quantity: 5 }, { idempotencyKey });
    expect(await api().receiveStock({ ...at, quantity: 5 }, { idempotencyKey })).toEqual(first);
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 6 });
    expect(await problemOf(api().receiveStock({ ...at, quantity: 6 }, { idempotencyKey }))).toMatchObject({
      status: 422,
    });
  });

  test('the audit names the promise that a meddling hand breaks', async () => {
    const at = await stocked(api(), 4);
    const reservation = await api().reserveStock({ ownerId: 'till', lines: [{ sku: at.sku, quantity: 2 }] });
    const db = platform.database('inventory');
    const meddled = async (change: string, undo: string) => {
      await db.run(change, [at.sku]);
      const { consistent, problems } = await api().auditStock({});
      await db.run(undo, [at.sku]);
      expect(consistent).toBe(false);
      return problems;
    };
    const subject = `${at.sku} at ${at.locationId}`;
    expect(
      await meddled('UPDATE level SET on_hand = 5 WHERE sku = $1', 'UPDATE level SET on_hand = 4 WHERE sku = $1'),
    ).toEqual([{ check: 'on hand = sum of movements', subject, expected: 4, actual: 5 }]);
    expect(
      await meddled('UPDATE level SET reserved = 1 WHERE sku = $1', 'UPDATE level SET reserved = 2 WHERE sku = $1'),
    ).toEqual([{ check: 'reserved = open reservations', subject, expected: 2, actual: 1 }]);
    expect(
      await meddled('UPDATE level SET incoming = 3 WHERE sku = $1', 'UPDATE level SET incoming = 0 WHERE sku = $1'),
    ).toEqual([{ check: 'incoming = deliveries and transfers under way', subject, expected: 0, actual: 3 }]);
    await api().commitReservation({ reservationId: reservation.id });
    expect(
      await meddled('UPDATE level SET allocated = 1 WHERE sku = $1', 'UPDATE level SET allocated = 2 WHERE sku = $1'),
    ).toEqual([{ check: 'allocated = committed and not shipped', subject, expected: 2, actual: 1 }]);
    await api().shipStock({ reservationId: reservation.id });
    expect(
      await meddled(
        `UPDATE movement SET kind = 'count' WHERE sku = $1 AND kind = 'sale'`,
        `UPDATE movement SET kind = 'sale' WHERE sku = $1 AND kind = 'count'`,
      ),
    ).toEqual([
      {
        check: 'shipped of a committed reservation = its movements',
        subject: `${reservation.id}, ${subject}`,
        expected: 2,
        actual: 0,
      },
    ]);
  });

  test('the table itself refuses to promise more than is there', async () => {
    const at = await stocked(api(), 4);
    await expect(
      platform.database('inventory').run('UPDATE level SET reserved = 5 WHERE sku = $1', [at.sku]),
    ).rejects.toThrow('level_not_oversold');
  });
});

describe('deliveries', () => {
  test('count as incoming until they are received, partly too, and never beyond what was announced', async () => {
    const at = await stocked(api(), 1);
    const delivery = await api().expectDelivery({
      ...at,
      quantity: 10,
      reference: 'PO-9',
      expectedAt: '2027-01-02T03:04:05.000Z',
    });
    expect(delivery).toMatchObject({ state: 'open', received: 0, expectedAt: '2027-01-02T03:04:05.000Z' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ incoming: 10, available: 1 });
    await api().receiveStock({ ...at, quantity: 4, deliveryId: delivery.id });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ incoming: 6, onHand: 5 });
    await api().receiveStock({ ...at, quantity: 8, deliveryId: delivery.id });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ incoming: 0, onHand: 13 });
    expect((await api().listDeliveries({ sku: at.sku })).items).toMatchObject([
      { id: delivery.id, state: 'received', received: 12 },
    ]);
    expect(await problemOf(api().receiveStock({ ...at, quantity: 1, deliveryId: delivery.id }))).toMatchObject({
      status: 409,
      code: 'ILLEGAL_STATE',
      data: { state: 'received', allowed: [] },
    });
  });

  test('cancelled, what had not arrived is no longer incoming', async () => {
    const at = await stocked(api(), 1);
    const { id: deliveryId } = await api().expectDelivery({ ...at, quantity: 10 });
    await api().receiveStock({ ...at, quantity: 3, deliveryId });
    expect(await api().cancelDelivery({ deliveryId })).toMatchObject({ state: 'cancelled', received: 3 });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ incoming: 0, onHand: 4 });
    expect(await problemOf(api().cancelDelivery({ deliveryId }))).toMatchObject({ status: 409, code: 'ILLEGAL_STATE' });
    expect(await problemOf(api().cancelDelivery({ deliveryId: newId('dlv') }))).toMatchObject({
      status: 404,
      code: 'DELIVERY_NOT_FOUND',
    });
  });

  test('a receipt of another SKU does not count towards it', async () => {
    const at = await stocked(api(), 1);
    const { id: deliveryId } = await api().expectDelivery({ ...at, quantity: 10 });
    expect(
      await problemOf(api().receiveStock({ sku: freshSku(), locationId: at.locationId, quantity: 1, deliveryId })),
    ).toMatchObject({
      status: 409,
      code: 'DELIVERY_MISMATCH',
      data: at,
    });
  });
});

describe('transfers', () => {
  test('at once: units leave one location and lie in the other', async () => {
    const from = await stocked(api(), 10);
    const toLocationId = await freshLocation(api());
    const transfer = await api().transferStock({
      fromLocationId: from.locationId,
      toLocationId,
      lines: [
        { sku: from.sku, quantity: 2 },
        { sku: from.sku, quantity: 2 },
      ],
    });
    expect(transfer).toMatchObject({ state: 'received', lines: [{ sku: from.sku, quantity: 4 }] });
    expect(await levelOf(from.sku, from.locationId)).toMatchObject({ onHand: 6 });
    expect(await levelOf(from.sku, toLocationId)).toMatchObject({ onHand: 4, incoming: 0 });
    expect(await api().getTransfer({ transferId: transfer.id })).toEqual(transfer);
    await platform.waitForEvent('inventory.transferred', ({ subject }) => subject === transfer.id);
  });

  test('in transit: incoming at the destination until received or cancelled, and only once', async () => {
    const from = await stocked(api(), 10);
    const toLocationId = await freshLocation(api());
    const send = () =>
      api().transferStock({
        fromLocationId: from.locationId,
        toLocationId,
        lines: [{ sku: from.sku, quantity: 3 }],
        inTransit: true,
      });
    const first = await send();
    const second = await send();
    expect(await levelOf(from.sku, from.locationId)).toMatchObject({ onHand: 4 });
    expect(await levelOf(from.sku, toLocationId)).toMatchObject({ onHand: 0, incoming: 6 });
    const [received, ...others] = await Promise.allSettled([
      api().receiveTransfer({ transferId: first.id }),
      api().receiveTransfer({ transferId: first.id }),
      api().cancelTransfer({ transferId: first.id }),
    ]).then((all) => all.toSorted((left) => (left.status === 'fulfilled' ? -1 : 1)));
    expect(received).toMatchObject({ status: 'fulfilled' });
    expect(others).toMatchObject([
      { status: 'rejected', reason: { code: 'ILLEGAL_STATE' } },
      { status: 'rejected', reason: { code: 'ILLEGAL_STATE' } },
    ]);
    expect(await api().cancelTransfer({ transferId: second.id })).toMatchObject({ state: 'cancelled' });
    const [source, destination] = [await levelOf(from.sku, from.locationId), await levelOf(from.sku, toLocationId)];
    expect((source?.onHand ?? 0) + (destination?.onHand ?? 0)).toBe(10);
    expect(destination?.incoming).toBe(0);
    expect((await api().listTransfers({ locationId: toLocationId })).items.map(({ id }) => id)).toEqual([
      second.id,
      first.id,
    ]);
  });

  test('all lines or none: reserved units stay where they are', async () => {
    const from = await stocked(api(), 5);
    const other = freshSku();
    await api().receiveStock({ sku: other, locationId: from.locationId, quantity: 5 });
    await api().reserveStock({ ownerId: 'ord-1', lines: [{ sku: from.sku, quantity: 3 }] });
    const toLocationId = await freshLocation(api());
    const failure = await problemOf(
      api().transferStock({
        fromLocationId: from.locationId,
        toLocationId,
        lines: [
          { sku: other, quantity: 5 },
          { sku: from.sku, quantity: 3 },
        ],
      }),
    );
    expect(failure).toMatchObject({
      status: 409,
      code: 'INSUFFICIENT_STOCK',
      data: { lines: [{ ...from, requested: 3, free: 2 }] },
    });
    expect(await levelOf(other, from.locationId)).toMatchObject({ onHand: 5 });
    expect((await api().listLevels({ locationId: toLocationId })).items).toEqual([]);
    expect(await problemOf(api().receiveTransfer({ transferId: newId('stf') }))).toMatchObject({
      status: 404,
      code: 'TRANSFER_NOT_FOUND',
    });
  });
});
