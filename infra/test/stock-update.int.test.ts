import { until } from '../../microservices/chassis/testing/until.ts';
import { makeLegacyStock, openStockShop } from './stock-shop.ts';

let opened: Awaited<ReturnType<typeof openStockShop>>;
beforeAll(async () => {
  opened = await openStockShop();
});
afterAll(() => opened.platform.stop());
afterEach(async () => {
  expect(await opened.shop.inventory.auditStock({})).toMatchObject({ consistent: true, problems: [] });
});
const confirmed = (quantity: number) => opened.confirmed(quantity);

describe('the update from a version whose units left the shelf at the commit', () => {
  const makeLegacy = (reservationId: string) => makeLegacyStock(opened.platform, reservationId);
  const adopted = () =>
    until('all lines are adopted', async () => {
      const { open } = await opened.platform
        .database('inventory')
        .one<{ open: number }>(`SELECT count(*) AS open FROM reservation_line WHERE shipped IS NULL`);
      return open === 0;
    });

  test('what was not shipped is on the shelf again and allocated, to the unit', async () => {
    const { shop, levelOf, levelIs } = opened;
    const waiting = await confirmed(4);
    const partly = await confirmed(3);
    await shop.api.shipOrder({ orderId: partly.orderId, lines: [{ lineId: partly.lineId, quantity: 1 }] });
    const shipped = await confirmed(2);
    await shop.api.shipOrder({ orderId: shipped.orderId });
    const expected = [
      [waiting, { onHand: 10, allocated: 4, available: 6, short: 0, reserved: 0 }],
      [partly, { onHand: 9, allocated: 2, available: 7, short: 0, reserved: 0 }],
      [shipped, { onHand: 8, allocated: 0, available: 8, short: 0, reserved: 0 }],
    ] as const;
    for (const [{ sku }, level] of expected) await levelIs(sku, level);
    const elsewhere = await shop.inventory.reserveStock({
      ownerId: 'till-7',
      lines: [{ sku: waiting.sku, quantity: 1 }],
    });
    await shop.inventory.commitReservation({ reservationId: elsewhere.id });
    await makeLegacy(elsewhere.id);
    for (const [{ reservationId }] of expected) await makeLegacy(reservationId);
    await adopted();
    // What the till took had left the shop, and nobody says otherwise.
    expect(await levelOf(waiting.sku)).toMatchObject({ onHand: 9, allocated: 4, available: 5 });
    for (const [{ sku }, level] of expected.slice(1)) expect(await levelOf(sku)).toEqual(level);
    await shop.api.shipOrder({ orderId: waiting.orderId });
    await shop.api.shipOrder({ orderId: partly.orderId });
    await levelIs(waiting.sku, { onHand: 5, allocated: 0, available: 5 });
    await levelIs(partly.sku, { onHand: 7, allocated: 0, available: 7 });
  });

  test('whatever happens to the order at that moment, its units end in one place', async () => {
    const { shop, levelIs } = opened;
    const orders: Awaited<ReturnType<typeof confirmed>>[] = [];
    for (let index = 0; index < 6; index += 1) orders.push(await confirmed(3));
    await Promise.all(
      orders.map(async ({ orderId, reservationId }, index) => {
        const update = () => makeLegacy(reservationId);
        const move = () =>
          index % 2 === 0 ? shop.api.shipOrder({ orderId }) : shop.api.cancelOrder({ orderId, reason: 'at once' });
        await Promise.all((index < 3 ? [update, move] : [move, update]).map(async (act) => act()));
      }),
    );
    await adopted();
    for (const [index, { sku }] of orders.entries())
      await levelIs(sku, index % 2 === 0 ? { onHand: 7, allocated: 0, available: 7 } : { onHand: 10, available: 10 });
  });
});
