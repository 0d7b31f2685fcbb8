import { randomBytes } from 'node:crypto';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { zero } from '../../chassis/money.ts';
import type { Tx } from '../context.ts';
import type { ordersContract } from '../contract.ts';
import { paymentStateOf } from '../policy/payment.ts';
import { toOrder, type Order } from '../store/order.ts';
import type { PlacedOrder } from '../store/place.ts';
import type { Quote } from '../store/quotes.ts';
import { actorOf } from './access.ts';

type PlaceInput = InputOf<typeof ordersContract, 'placeOrder'>;

/** The order that a quote becomes, all of it but its number. */
export const orderOf = (
  quote: Quote,
  input: Pick<PlaceInput, 'paymentMethod' | 'email' | 'note' | 'metadata'>,
  { id, caller, now, numberPrefix }: { id: string; caller: Caller; now: string; numberPrefix: string },
): PlacedOrder => {
  const { totals } = quote;
  const isPaid = totals.grandTotal.amount === 0;
  const money = { authorized: 0, captured: 0, refunded: 0, cancelled: 0 };
  return {
    head: {
      id,
      state: 'placed',
      paymentState: paymentStateOf({
        method: input.paymentMethod,
        payable: totals.grandTotal.amount,
        ...money,
        failed: false,
        givenUp: false,
      }),
      allocationState: 'none',
      customerId: quote.customerId,
      email: input.email ?? quote.email,
      currency: quote.currency,
      items: totals.items.amount,
      discount: totals.discount.amount,
      shipping: totals.shipping.amount,
      tax: totals.tax.amount,
      grandTotal: totals.grandTotal.amount,
      ...money,
      paymentFailed: false,
      paymentMethod: input.paymentMethod,
      details: { promotions: quote.promotions, shipping: quote.shipping, taxes: quote.taxes },
      shippingAddress: quote.shippingAddress,
      billingAddress: quote.billingAddress,
      quoteId: quote.id,
      cartId: quote.cartId,
      reservationId: null,
      holdId: null,
      note: input.note ?? null,
      metadata: input.metadata,
      stateReason: null,
      secret: quote.customerId === null ? randomBytes(24).toString('base64url') : null,
      lineCount: quote.lines.length,
      revision: 1,
      allocatedAt: null,
      paidAt: isPaid ? now : null,
      placedAt: now,
      stateSince: now,
      updatedAt: now,
    },
    recipient: quote.shippingAddress.name,
    lines: quote.lines.map(({ available: _, stock: __, ...line }) => line),
    entry: {
      kind: 'state',
      title: 'Order placed',
      from: null,
      to: 'placed',
      actor: actorOf(caller),
      reason: null,
      amount: totals.grandTotal.amount,
      reference: quote.id,
      visible: true,
    },
    numberPrefix,
  };
};

export const placedView = ({ head, lines }: PlacedOrder, number: string): Order =>
  toOrder(
    { ...head, number },
    {
      lines: lines.map((line) => ({
        ...line,
        shipped: 0,
        cancelled: 0,
        refunded: zero(head.currency),
        refundedQuantity: 0,
      })),
      fulfilments: [],
      refunds: [],
    },
  );

const offerOf = ({ lines }: Quote) => {
  const offer = lines[0]?.offer;
  return offer ? { offer: { campaignId: offer.campaignId, teamId: offer.teamId } } : {};
};

/** Announces a placed order: journeys start with it. */
export const announcePlaced = (tx: Tx, order: Order, quote: Quote): void => {
  const about = { orderId: order.id, number: order.number, customerId: order.customerId };
  tx.append('order.created', order.id, {
    ...about,
    currency: order.currency,
    lines: order.lines.map(({ lineId, sku, title, quantity, unitPrice, total }) => ({
      lineId,
      sku,
      title,
      quantity,
      unitPrice,
      total,
    })),
    totals: order.totals,
    paymentMethod: order.paymentMethod,
    shippingCountry: quote.shippingAddress.country,
    ...offerOf(quote),
    placedAt: order.placedAt,
  });
  if (order.totals.grandTotal.amount === 0) {
    tx.append('order.paid', order.id, {
      ...about,
      paymentMethod: order.paymentMethod,
      amount: order.totals.grandTotal,
    });
  }
};
