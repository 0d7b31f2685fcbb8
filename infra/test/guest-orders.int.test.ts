import { customersContract } from '../../microservices/customers/contract.ts';
import { germanAddress, oneOnSale, refusal, type Shop } from '../../microservices/orders/testing.ts';
import { freshEmail, openWholeShop, register, verify } from './whole-shop.ts';

let shop: Shop;
let sku: string;
beforeAll(async () => {
  shop = await openWholeShop();
  sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
});
afterAll(() => shop.platform.stop());

const orderAsGuest = async (email: string, more: { couponCode?: string } = {}) => {
  const lines = [{ sku, quantity: 1 }];
  const quote = await shop.guest.createQuote({
    lines,
    currency: 'EUR',
    shippingAddress: germanAddress,
    email,
    ...more,
  });
  return shop.guest.placeOrder({ quoteId: quote.id, paymentMethod: 'cash_on_delivery' });
};
const linked = (orderId: string) => shop.platform.waitForEvent('order.linked', ({ subject }) => subject === orderId);
const linkedTimes = (orderId: string) =>
  shop.platform.events('orders').filter(({ type, subject }) => type === 'order.linked' && subject === orderId).length;
const ownersOf = async (orderIds: string[]) =>
  Promise.all(orderIds.map(async (orderId) => (await shop.api.getOrder({ orderId })).customerId));

test('guest orders become a customer’s when the address is verified, and no sooner', async () => {
  const email = freshEmail();
  const orders = [await orderAsGuest(email), await orderAsGuest(email)];
  const other = await orderAsGuest(freshEmail());
  const ada = await register(shop, email);
  expect(await refusal(ada.orders.claimOrders({}))).toMatchObject({ code: 'EMAIL_NOT_VERIFIED', status: 409 });
  const link = { orderId: orders[0]?.id ?? '', customerId: ada.id, reason: 'she asked on the phone' };
  expect(await refusal(shop.api.linkOrder(link))).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
  expect((await ada.orders.listOrders({})).items).toEqual([]);

  await verify(shop, ada);
  for (const { id } of orders) await linked(id);
  expect((await ada.orders.listOrders({ sort: 'oldest' })).items.map(({ id }) => id)).toEqual(
    orders.map(({ id }) => id),
  );
  expect(await ownersOf([other.id])).toEqual([null]);
  // The link in the mail of a guest's order still opens it.
  const secret = orders[0]?.secret ?? '';
  expect(await shop.guest.getOrder({ orderId: orders[0]?.id ?? '', secret })).toMatchObject({ customerId: ada.id });
  expect((await shop.api.auditOrders({})).problems).toEqual([]);
});

test('orders that came later are claimed on request: ten requests at once link each once', async () => {
  const ada = await register(shop, freshEmail());
  const earlier = await orderAsGuest(ada.email);
  await verify(shop, ada);
  // What the verification links by itself is linked; the orders below come after it.
  await shop.platform.waitForEvent('order.linked', ({ subject }) => subject === earlier.id);
  const orders = [await orderAsGuest(ada.email), await orderAsGuest(ada.email), await orderAsGuest(ada.email)];
  expect(await ownersOf(orders.map(({ id }) => id))).toEqual([null, null, null]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ada.orders.claimOrders({})));
  expect(answers.flatMap((answer) => answer.orders.map(({ orderId }) => orderId)).toSorted()).toEqual(
    orders.map(({ id }) => id).toSorted(),
  );
  for (const { id } of orders) await linked(id);
  expect(orders.map(({ id }) => linkedTimes(id))).toEqual([1, 1, 1]);
  const grace = await register(shop, freshEmail());
  await verify(shop, grace);
  expect(await grace.orders.claimOrders({})).toEqual({ orders: [] });
});

test('staff link one order; the timeline says who and why, and nobody loses an order', async () => {
  const ada = await register(shop, freshEmail());
  await verify(shop, ada);
  const order = await orderAsGuest(freshEmail());
  const link = { orderId: order.id, customerId: ada.id, reason: 'ordered with her other address' };
  expect(await shop.api.linkOrder(link)).toMatchObject({ customerId: ada.id });
  expect(await shop.api.linkOrder(link)).toMatchObject({ customerId: ada.id });
  const { items } = await shop.api.getTimeline({ orderId: order.id });
  expect(items.filter(({ title }) => title === 'Linked to customer')).toMatchObject([
    { actor: expect.stringMatching(/^key:/) as string, reason: link.reason, reference: ada.id },
  ]);
  await linked(order.id);
  expect(linkedTimes(order.id)).toBe(1);
  const grace = await register(shop, freshEmail());
  await verify(shop, grace);
  expect(await refusal(shop.api.linkOrder({ ...link, customerId: grace.id }))).toMatchObject({
    code: 'NOT_A_GUESTS',
    data: { customerId: ada.id },
  });
  expect(await refusal(ada.orders.linkOrder(link))).toMatchObject({ status: 403 });
});

test('a code that a linked order used was used by the customer, also under another address later', async () => {
  const { code } = await shop.api.createPromotion({
    code: `ONCE-${freshEmail().slice(0, 8)}`,
    title: 'Ten off',
    kind: 'percentage',
    percentage: 1_000,
    usageLimitPerCustomer: 1,
  });
  const ada = await register(shop, freshEmail());
  const order = await orderAsGuest(ada.email, { couponCode: code });
  await verify(shop, ada);
  await linked(order.id);
  await shop.platform.database('customers').run('UPDATE customer SET email = $2 WHERE id = $1', [ada.id, freshEmail()]);
  const lines = [{ sku, quantity: 1 }];
  const again = ada.orders.createQuote({ lines, currency: 'EUR', shippingAddress: germanAddress, couponCode: code });
  expect(await refusal(again)).toMatchObject({ data: { reason: 'EXHAUSTED_FOR_CUSTOMER' } });
  // Given back once: the order counted for the address and for the customer.
  await shop.api.cancelOrder({ orderId: order.id, reason: 'not wanted' });
  expect((await shop.api.listPromotions({ search: code })).items).toMatchObject([{ used: 0 }]);
  const uses = 'SELECT u.used FROM promotion_use u JOIN promotion p ON p.id = u.promotion_id WHERE p.code = $1';
  expect(await shop.platform.database('orders').rows(uses, [code])).toEqual([{ used: 0 }, { used: 0 }]);
  expect(await shop.platform.client(customersContract).getCustomer({ customerId: ada.id })).toMatchObject({
    state: 'active',
  });
});
