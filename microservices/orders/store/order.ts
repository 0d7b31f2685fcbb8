import type { z } from 'zod';
import type { Money } from '../../chassis/contract/index.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { fulfilment, refund, type order, type orderLine } from '../contract/order.ts';
import { creditNet } from '../policy/credit-note.ts';
import { openLines } from '../policy/open-lines.ts';
import { isCalledOff } from '../policy/states.ts';
import type { PricedLine } from '../policy/totals.ts';
import { findHead, type OrderHead } from './order-head.ts';

export type Order = z.infer<typeof order>;
export type OrderLine = z.infer<typeof orderLine>;
export type Fulfilment = z.infer<typeof fulfilment>;
export type Refund = z.infer<typeof refund>;

/** The rows that belong to an order. */
export interface OrderParts {
  lines: OrderLine[];
  fulfilments: Fulfilment[];
  refunds: Refund[];
}

interface LineRow {
  details: PricedLine;
  shipped: number;
  cancelled: number;
  refunded: number;
  refundedQuantity: number;
}

export const findLines = async (database: Queryable, orderId: string): Promise<OrderLine[]> =>
  (
    await database.rows<LineRow>(
      `SELECT ${columns(['details', 'shipped', 'cancelled', 'refunded', 'refundedQuantity'])} FROM order_line WHERE order_id = $1 ORDER BY position`,
      [orderId],
    )
  ).map(({ details, refunded, ...rest }) => ({
    ...details,
    ...rest,
    refunded: { amount: refunded, currency: details.total.currency },
  }));

const FULFILMENT = columns(Object.keys(fulfilment.shape));

export const findFulfilments = async (database: Queryable, orderId: string): Promise<Fulfilment[]> =>
  database.rows<Fulfilment>(`SELECT ${FULFILMENT} FROM fulfilment WHERE order_id = $1 ORDER BY shipped_at, id`, [
    orderId,
  ]);

type RefundRow = Omit<Refund, 'amount' | 'net' | 'shipping'> & { amount: number; shipping: number };

const REFUND = columns(Object.keys(refund.omit({ net: true }).shape));

export const findRefunds = async (database: Queryable, orderId: string, currency: string): Promise<Refund[]> =>
  (
    await database.rows<RefundRow>(`SELECT ${REFUND} FROM refund WHERE order_id = $1 ORDER BY created_at, id`, [
      orderId,
    ])
  ).map((row) => {
    const amount = { amount: row.amount, currency };
    return {
      ...row,
      amount,
      net: row.taxes && creditNet(amount, row.taxes),
      shipping: { amount: row.shipping, currency },
      // Refunds of before do not say what was never shipped.
      lines: row.lines.map((line) => ({ ...line, unshipped: (line as Partial<typeof line>).unshipped ?? 0 })),
    };
  });

/** All rows that belong to an order, one statement after the other on one connection. */
export const findParts = async (database: Queryable, head: OrderHead): Promise<OrderParts> => ({
  lines: await findLines(database, head.id),
  fulfilments: await findFulfilments(database, head.id),
  refunds: await findRefunds(database, head.id, head.currency),
});

export const findOrder = async (database: Queryable, orderId: string): Promise<Order | undefined> => {
  const head = await findHead(database, orderId);
  return head && toOrder(head, await findParts(database, head));
};

/** Units that will still be shipped, as far as is known. An order that was cancelled or rejected has none. */
export const openOf = (head: Pick<OrderHead, 'state' | 'currency'>, lines: readonly OrderLine[]): Order['open'] =>
  isCalledOff(head.state)
    ? []
    : openLines(lines.map((line) => ({ ...line, total: line.total.amount }))).map(({ amount, ...line }) => ({
        ...line,
        amount: { amount, currency: head.currency },
      }));

/** An order as the contract shows it, with the guest's secret, which the service hides from others. */
export const toOrder = (head: OrderHead, parts: OrderParts): Order => {
  const money = (amount: number): Money => ({ amount, currency: head.currency });
  return {
    id: head.id,
    number: head.number,
    state: head.state,
    paymentState: head.paymentState,
    allocationState: head.allocationState,
    customerId: head.customerId,
    email: head.email,
    currency: head.currency,
    ...parts,
    ...head.details,
    totals: {
      items: money(head.items),
      discount: money(head.discount),
      shipping: money(head.shipping),
      tax: money(head.tax),
      grandTotal: money(head.grandTotal),
    },
    payments: {
      authorized: money(head.authorized),
      captured: money(head.captured),
      refunded: money(head.refunded),
      cancelled: money(head.cancelled),
    },
    open: openOf(head, parts.lines),
    paymentMethod: head.paymentMethod,
    shippingAddress: head.shippingAddress,
    billingAddress: head.billingAddress,
    quoteId: head.quoteId,
    cartId: head.cartId,
    reservationId: head.reservationId,
    holdId: head.holdId,
    note: head.note,
    metadata: head.metadata,
    stateReason: head.stateReason,
    secret: head.secret,
    placedAt: head.placedAt,
    stateSince: head.stateSince,
    version: head.revision,
    updatedAt: head.updatedAt,
  };
};
