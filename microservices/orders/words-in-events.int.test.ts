import { startShopPlatform } from '../../infra/test/shop-platform.ts';
import {
  confirmOrder,
  eur,
  germanAddress,
  newCustomer,
  oneOnSale,
  openShop,
  placeOrder,
  type Shop,
} from './testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(startShopPlatform);
});
afterAll(async () => {
  await shop.platform.stop();
});

/** Stands in every text that a person writes here. */
const WORD = 'zaubernuss';
const said = (about: string): string => `${WORD} ${about}`;

test('no event of carts and orders carries what people wrote, whatever is done', async () => {
  const { api } = shop;
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 100 });
  const customer = await newCustomer(shop, 100_000);
  const lines = [{ sku, quantity: 2 }];
  const place = () => placeOrder(customer.orders, lines);
  const paid = async () => {
    const order = await place();
    const { hold } = await confirmOrder(shop, order);
    await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
    await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === order.id);
    return order;
  };

  const email = `${WORD}@example.com`;
  const cart = await shop.guest.createCart({ currency: 'EUR', lines, email });
  const named = { ...germanAddress, name: said('name'), line1: said('line'), city: said('city'), postalCode: '10999' };
  const quote = await shop.guest.createQuote({ cartId: cart.id, shippingAddress: named, billingAddress: named });
  const order = { quoteId: quote.id, paymentMethod: 'cash_on_delivery', note: said('note') } as const;
  const { id: guests } = await shop.guest.placeOrder(order);
  await api.addOrderNote({ orderId: guests, text: said('added') });
  await api.approveOrder({ orderId: guests, reason: said('approved') });
  await api.holdOrderForReview({ orderId: guests, reason: said('review') });
  await api.rejectOrder({ orderId: guests, reason: said('rejected') });

  const cancelled = await place();
  await customer.orders.cancelOrder({ orderId: cancelled.id, reason: said('cancelled') });

  const tracking = { carrier: said('carrier'), trackingNumber: WORD, trackingUrl: `https://example.com/${WORD}` };
  const shipped = await paid();
  const { fulfilments } = await api.shipOrder({ orderId: shipped.id, ...tracking });
  await api.setTracking({ orderId: shipped.id, fulfilmentId: fulfilments[0]?.id ?? '', ...tracking });
  await api.deliverOrder({ orderId: shipped.id });
  await api.refundOrder({ orderId: shipped.id, reason: said('refund'), shipping: eur(100) });
  await api.closeOrder({ orderId: shipped.id, reason: said('closed') });

  const rest = await paid();
  await api.shipOrder({ orderId: rest.id, lines: [{ lineId: rest.lines[0]?.lineId ?? '', quantity: 1 }], ...tracking });
  await api.cancelRest({ orderId: rest.id, reason: said('rest') });
  await shop.platform.waitForEvent('wallet.refunded', ({ data }) => JSON.stringify(data).includes(rest.id));

  const events = shop.platform.events('orders');
  const types = new Set(events.map(({ type }) => type));
  for (const type of ['approved', 'held_for_review', 'rejected', 'cancelled', 'shipped', 'rest_cancelled', 'closed'])
    expect(types).toContain(`order.${type}`);
  expect(types).toContain('refund.issued');
  const telling = events.filter(({ data }) => /zaubernuss|10999/i.test(JSON.stringify(data)));
  expect(telling.map(({ type }) => type)).toEqual([]);
});
