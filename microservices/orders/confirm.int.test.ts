import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import { eur, newCustomer, oneOnSale, placeOrder, refusal, openShop, type Shop } from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

const states = async (orderId: string) =>
  (await shop.api.getTimeline({ orderId })).items.flatMap((entry) => (entry.to ? [entry.to] : []));

describe('confirming', () => {
  test('a hold of somebody else, for something else, too small or voided does not confirm; the order stays approved and the stock reserved', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
    const customer = await newCustomer(shop, 100_000);
    const other = await newCustomer(shop, 100_000);
    const order = await placeOrder(customer.orders, [{ sku, quantity: 1 }]);
    await shop.api.approveOrder({ orderId: order.id });
    const reservation = await shop.inventory.reserveStock({ ownerId: order.id, lines: [{ sku, quantity: 1 }] });
    const holdOf = (ownerId: string, reference: string, amount: number) =>
      shop.wallet.authorizeHold({ ownerId, reference, amount: eur(amount) });
    const voided = await holdOf(customer.id, order.id, 3_490);
    await shop.wallet.voidHold({ holdId: voided.id });
    const holds = [
      await holdOf(other.id, order.id, 3_490),
      await holdOf(customer.id, 'something-else', 3_490),
      await holdOf(customer.id, order.id, 3_489),
      voided,
    ];
    for (const holdId of [...holds.map((hold) => hold.id), 'hld_00000000000000000000000000000000', undefined]) {
      const refused = await refusal(
        shop.api.confirmOrder({ orderId: order.id, reservationId: reservation.id, ...(holdId ? { holdId } : {}) }),
      );
      expect(refused).toMatchObject({ code: 'HOLD_NOT_USABLE', status: 409 });
    }
    expect(await shop.api.getOrder({ orderId: order.id })).toMatchObject({ state: 'approved' });
    expect(await shop.inventory.getReservation({ reservationId: reservation.id })).toMatchObject({ state: 'reserved' });
  });

  test('a reservation that is another order’s, too small or released does not confirm', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
    const order = await placeOrder(shop.api, [{ sku, quantity: 2 }], {
      paymentMethod: 'cash_on_delivery',
      email: 'a@example.com',
    });
    await shop.api.approveOrder({ orderId: order.id });
    const reserve = (ownerId: string, quantity: number) =>
      shop.inventory.reserveStock({ ownerId, lines: [{ sku, quantity }] });
    const released = await reserve(order.id, 2);
    await shop.inventory.releaseReservation({ reservationId: released.id });
    for (const reservation of [
      await reserve('ord_00000000000000000000000000000000', 2),
      await reserve(order.id, 1),
      released,
    ]) {
      expect(await refusal(shop.api.confirmOrder({ orderId: order.id, reservationId: reservation.id }))).toMatchObject({
        code: 'RESERVATION_NOT_USABLE',
        status: 409,
      });
    }
    expect(await refusal(shop.api.confirmOrder({ orderId: order.id }))).toMatchObject({
      code: 'RESERVATION_NOT_USABLE',
    });
    const good = await reserve(order.id, 2);
    expect(await shop.api.confirmOrder({ orderId: order.id, reservationId: good.id })).toMatchObject({
      state: 'confirmed',
    });
    expect(await refusal(shop.api.confirmOrder({ orderId: order.id, reservationId: good.id }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'confirmed' },
    });
  });

  test('the same key confirms once, whoever asks again', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
    const order = await placeOrder(shop.api, [{ sku, quantity: 1 }], {
      paymentMethod: 'cash_on_delivery',
      email: 'a@example.com',
    });
    await shop.api.approveOrder({ orderId: order.id });
    const reservation = await shop.inventory.reserveStock({ ownerId: order.id, lines: [{ sku, quantity: 1 }] });
    const ask = () =>
      shop.api.confirmOrder(
        { orderId: order.id, reservationId: reservation.id },
        { idempotencyKey: `confirm-${order.id}` },
      );
    const answers = [await ask(), await ask(), await ask()];
    expect(new Set(answers.map((answer) => answer.updatedAt)).size).toBe(1);
    expect(await states(order.id)).toEqual(['placed', 'approved', 'confirmed']);
  });

  test('a move that came too early is done under the same key once it is possible', async () => {
    const sku = await oneOnSale(shop, { amount: 3_000, stock: 20 });
    const lines = [{ sku, quantity: 1 }];
    const order = await placeOrder(shop.api, lines, { paymentMethod: 'cash_on_delivery', email: 'a@example.com' });
    const reservation = await shop.inventory.reserveStock({ ownerId: order.id, lines });
    const key = { idempotencyKey: `early-${order.id}` };
    const confirm = () => shop.api.confirmOrder({ orderId: order.id, reservationId: reservation.id }, key);
    expect(await refusal(confirm())).toMatchObject({ code: 'ILLEGAL_STATE', data: { state: 'placed' } });
    await shop.api.approveOrder({ orderId: order.id });
    expect(await confirm()).toMatchObject({ state: 'confirmed' });
    const arrive = () => shop.api.deliverOrder({ orderId: order.id }, { idempotencyKey: `arrived-${order.id}` });
    expect(await refusal(arrive())).toMatchObject({ code: 'ILLEGAL_STATE', data: { state: 'confirmed' } });
    await shop.api.shipOrder({ orderId: order.id });
    expect(await arrive()).toMatchObject({ state: 'delivered' });
  });
});
