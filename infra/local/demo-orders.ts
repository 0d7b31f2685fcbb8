import { createClient } from '../../microservices/chassis/client.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import type { DemoStory } from './demo-options.ts';
import { ADDRESS, demoCustomer, fillPurse, freshEmail, say, type Stage } from './demo-story.ts';

/** Confirmed is the good end; cancelled and rejected are ends too. */
const ENDS: readonly string[] = ['order.confirmed', 'order.cancelled', 'order.rejected'];

/** Orders of one person, one after the other; true when the journey confirmed every one. */
export const placeOrders = async (
  stage: Stage,
  { count, by }: Extract<DemoStory, { kind: 'orders' }>,
): Promise<boolean> => {
  const buyer = by === 'guest' ? await guest() : await customer(stage, by.customerId);
  let confirmed = 0;
  for (let placed = 1; placed <= count; placed += 1) {
    if (buyer.customerId !== undefined) await fillPurse(stage, buyer.customerId);
    if (await placeOne(stage, buyer)) confirmed += 1;
  }
  if (count > 1) console.log(`${confirmed} of ${count} orders of ${buyer.customerId ?? buyer.email} confirmed`);
  return confirmed === count;
};

interface Buyer {
  email: string;
  customerId: string | undefined;
}

const guest = async (): Promise<Buyer> => ({ email: freshEmail(), customerId: undefined });

const customer = async (stage: Stage, named: string | undefined): Promise<Buyer> => {
  const { id, email } = await demoCustomer(stage, named);
  return { email: email ?? freshEmail(), customerId: id };
};

const placeOne = async ({ api, waitFor }: Stage, { email, customerId }: Buyer): Promise<boolean> => {
  const orders = createClient(ordersContract, api);
  const cart = await orders.createCart({
    ...{ currency: 'EUR', country: 'DE' },
    ...(customerId === undefined ? { email } : { customerId }),
    lines: [
      { sku: 'MUG-BLUE', quantity: 2 },
      { sku: 'TEA-GREEN', quantity: 1 },
    ],
  });
  const quote = await orders.createQuote({ cartId: cart.id, shippingAddress: ADDRESS, email });
  say(`quoted ${(quote.totals.grandTotal.amount / 100).toFixed(2)} EUR, placing …`);
  const placing = performance.now();
  const order = await orders.placeOrder(
    { quoteId: quote.id, ...(customerId === undefined && { paymentMethod: 'cash_on_delivery' as const }) },
    { idempotencyKey: `demo-${quote.id}` },
  );
  const end = await waitFor(({ type, subject }) => subject === order.id && ENDS.includes(type));
  const milliseconds = Math.round(performance.now() - placing);
  const isConfirmed = end?.type === 'order.confirmed';
  if (isConfirmed) console.log(`order ${order.id} confirmed in ${milliseconds} ms`);
  else
    console.log(
      `order ${order.id} was not confirmed: it is ${(await orders.getOrder({ orderId: order.id })).state} after ${milliseconds} ms`,
    );
  return isConfirmed;
};
