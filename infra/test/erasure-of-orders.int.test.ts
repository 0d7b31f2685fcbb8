import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import {
  confirmOrder,
  eur,
  germanAddress,
  oneOnSale,
  placeOrder,
  type Shop,
} from '../../microservices/orders/testing.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { freshEmail, openWholeShop, register, verify } from './whole-shop.ts';

let shop: Shop;
let sku: string;
beforeAll(async () => {
  shop = await openWholeShop({ ORDERS_INVOICE_RETENTION_DAYS: '30' });
  sku = await oneOnSale(shop, { amount: 1_000, stock: 1_000 });
});
afterAll(() => shop.platform.stop());

const DAY = 24 * 60 * 60_000;
const staff = () => shop.platform.client(customersContract);
const erased = (customerId: string) =>
  shop.platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
const guestQuote = (email: string) =>
  shop.guest.createQuote({ lines: [{ sku, quantity: 1 }], currency: 'EUR', shippingAddress: germanAddress, email });
const orderAsGuest = async (email: string) =>
  shop.guest.placeOrder({ quoteId: (await guestQuote(email)).id, paymentMethod: 'cash_on_delivery' });
const waitsBecause = async (customerId: string) =>
  (await staff().getErasure({ customerId })).services.find(({ service }) => service === 'orders')?.waitsBecause;
const invoices = async (number: string) => (await shop.api.listRetainedInvoices({ number })).items;

test('an erasure waits for open orders and says which; the invoice stays until its time is over', async () => {
  const ada = await register(shop, freshEmail());
  await shop.wallet.topUp({ ownerId: ada.id, amount: eur(1_490), reference: `top-up-${ada.id}` });
  const order = await placeOrder(ada.orders, [{ sku, quantity: 1 }]);
  const { hold } = await confirmOrder(shop, order);
  await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
  await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === order.id);

  await staff().eraseCustomer({ customerId: ada.id });
  await until('the wait is shown', async () => typeof (await waitsBecause(ada.id)) === 'string');
  expect(await waitsBecause(ada.id)).toBe(`Order ${order.number}: not shipped completely. Ship, cancel or reject.`);
  expect(await shop.api.getOrder({ orderId: order.id })).toMatchObject({ shippingAddress: { line1: 'Hauptstr. 1' } });

  await shop.api.shipOrder({ orderId: order.id, carrier: 'DHL', trackingNumber: 'T-1' });
  await erased(ada.id);
  expect(await shop.api.getOrder({ orderId: order.id })).toMatchObject({
    email: null,
    shippingAddress: null,
    billingAddress: null,
    totals: order.totals,
    fulfilments: [{ carrier: null, trackingNumber: null, trackingUrl: null }],
  });
  const narrow = await staff().createApiKey({ name: 'orders', scopes: ['orders:read', 'orders:write'] });
  const reader = shop.platform.client(ordersContract, { credential: narrow.key });
  await expect(reader.listRetainedInvoices({})).rejects.toMatchObject({ status: 403 });
  expect(await invoices(order.number)).toMatchObject([
    { orderId: order.id, address: germanAddress, totals: order.totals, taxes: order.taxes, creditNotes: [] },
  ]);
  expect((await shop.api.auditOrders({})).problems).toEqual([]);

  shop.clock.offset += 31 * DAY;
  await until('the invoice is gone', async () => (await invoices(order.number)).length === 0);
});

test('an order that was called off needs no invoice and makes nobody wait', async () => {
  const ada = await register(shop, freshEmail());
  const order = await placeOrder(ada.orders, [{ sku, quantity: 1 }]);
  await ada.orders.cancelOrder({ orderId: order.id, reason: 'Ada will not have it' });
  await staff().eraseCustomer({ customerId: ada.id });
  await erased(ada.id);
  expect(await shop.api.getOrder({ orderId: order.id })).toMatchObject({ shippingAddress: null, stateReason: null });
  expect(await invoices(order.number)).toEqual([]);

  // As an order of somebody who was erased before orders noted it.
  const before = `UPDATE orders SET erased_at = NULL, state_reason = 'Ada will not have it' WHERE id = $1`;
  await shop.platform.database('orders').run(before, [order.id]);
  await until('it is gone', async () => (await shop.api.getOrder({ orderId: order.id })).stateReason === null);
});

test('what was done as a guest with a verified address goes with the account; a stranger’s does not', async () => {
  const ada = await register(shop, freshEmail());
  const thief = await register(shop, ada.email, 'Not Ada');
  const orders = [await orderAsGuest(ada.email), await orderAsGuest(ada.email)];
  const cart = await shop.guest.createCart({ currency: 'EUR', email: ada.email });
  const quote = await guestQuote(ada.email);
  const messages = shop.platform.client(notificationsContract);
  const mail = {
    template: 'order-confirmation',
    channel: 'email',
    data: { order: { number: '1', lines: [], total: eur(1) } },
  } as const;
  await messages.sendNotification({ ...mail, purpose: 'transactional', email: ada.email });
  for (const { id: orderId } of orders) await shop.api.rejectOrder({ orderId, reason: `${ada.email} is on our list` });

  // Whoever writes a stranger's address and proves nothing erases themselves only.
  await thief.self.eraseCustomer({ customerId: thief.id, password: thief.password });
  await erased(thief.id);
  expect((await shop.api.getOrder({ orderId: orders[0]?.id ?? '' })).email).toBe(ada.email);

  await verify(shop, ada);
  await shop.platform.waitForEvent('order.linked', ({ subject }) => subject === orders[1]?.id);
  const later = await orderAsGuest(ada.email);
  await shop.api.rejectOrder({ orderId: later.id, reason: 'again' });
  await ada.self.eraseCustomer({ customerId: ada.id, password: ada.password });
  await erased(ada.id);
  for (const { id: orderId } of [...orders, later])
    expect(await shop.api.getOrder({ orderId })).toMatchObject({
      email: null,
      shippingAddress: null,
      stateReason: null,
    });
  await expect(shop.guest.getCart({ cartId: cart.id })).rejects.toMatchObject({ status: 404 });
  await expect(shop.guest.getQuote({ quoteId: quote.id })).rejects.toMatchObject({ status: 404 });
  expect((await messages.listNotifications({ email: ada.email })).items).toEqual([]);
});

test('staff export and erase somebody who never had an account, by the address; asked again it is one request', async () => {
  const email = freshEmail();
  const order = await orderAsGuest(email);
  const { customer: guest } = await shop.platform
    .client(customersContract, { credential: '' })
    .createGuest({ email, name: 'Ada' });
  expect((await shop.api.exportOrders({ email })).items).toMatchObject([{ id: order.id, email, note: null }]);
  expect(await staff().exportByEmail({ email })).toMatchObject({ customers: [{ customer: { id: guest.id, email } }] });
  await shop.api.cancelOrder({ orderId: order.id, reason: 'not confirmed' });

  const asked = await Promise.all(Array.from({ length: 5 }, () => staff().eraseByEmail({ email })));
  expect(new Set(asked.map(({ requestedAt }) => requestedAt)).size).toBe(1);
  await erased(guest.id);
  expect(await shop.api.getOrder({ orderId: order.id })).toMatchObject({ email: null, shippingAddress: null });
  expect((await shop.api.exportOrders({ email })).items).toEqual([]);
  expect(await staff().exportByEmail({ email })).toEqual({ customers: [] });
  expect(await staff().getErasureAddresses({ customerId: guest.id })).toEqual({ emails: [] });

  // Nobody at all: the erasure runs under an id of its own.
  const stranger = freshEmail();
  const theirs = await orderAsGuest(stranger);
  await shop.api.cancelOrder({ orderId: theirs.id, reason: 'not confirmed' });
  const { customerId } = await staff().eraseByEmail({ email: stranger });
  await erased(customerId);
  expect(await shop.api.getOrder({ orderId: theirs.id })).toMatchObject({ email: null, shippingAddress: null });
});
