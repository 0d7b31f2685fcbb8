import type { Address } from '../../chassis/contract/index.ts';
import { currentContext } from '../../chassis/context.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { AllocationState } from '../policy/allocation.ts';
import type { PaymentState } from '../policy/payment.ts';
import type { OrderState } from '../policy/states.ts';
import type { PricedShipping, TaxSum } from '../policy/totals.ts';

/** The part of its quote that an order keeps as it was, beside the lines. */
export interface OrderDetails {
  promotions: {
    promotionId: string;
    code: string;
    title: string;
    listDiscount: { amount: number; currency: string };
  }[];
  shipping: PricedShipping | null;
  taxes: TaxSum[];
}

/** An order's own row; amounts in minor units of its currency. */
export interface OrderHead {
  id: string;
  number: string;
  state: OrderState;
  paymentState: PaymentState;
  allocationState: AllocationState;
  customerId: string | null;
  email: string | null;
  currency: string;
  items: number;
  discount: number;
  shipping: number;
  tax: number;
  grandTotal: number;
  authorized: number;
  captured: number;
  refunded: number;
  /** Cost of units that were cancelled after others had been shipped. */
  cancelled: number;
  paymentFailed: boolean;
  paymentMethod: 'wallet' | 'cash_on_delivery' | 'card';
  details: OrderDetails;
  shippingAddress: Address | null;
  billingAddress: Address | null;
  quoteId: string;
  cartId: string | null;
  reservationId: string | null;
  holdId: string | null;
  note: string | null;
  metadata: Record<string, string>;
  stateReason: string | null;
  secret: string | null;
  lineCount: number;
  /** Entries in the timeline so far. */
  revision: number;
  allocatedAt: string | null;
  paidAt: string | null;
  placedAt: string;
  stateSince: string;
  updatedAt: string;
}

const COLUMNS = columns([
  'id',
  'number',
  'state',
  'paymentState',
  'allocationState',
  'customerId',
  'email',
  'currency',
  'items',
  'discount',
  'shipping',
  'tax',
  'grandTotal',
  'authorized',
  'captured',
  'refunded',
  'cancelled',
  'paymentFailed',
  'paymentMethod',
  'details',
  'shippingAddress',
  'billingAddress',
  'quoteId',
  'cartId',
  'reservationId',
  'holdId',
  'note',
  'metadata',
  'stateReason',
  'secret',
  'lineCount',
  'revision',
  'allocatedAt',
  'paidAt',
  'placedAt',
  'stateSince',
  'updatedAt',
] satisfies (keyof OrderHead)[]);

export const findHead = (database: Queryable, orderId: string): Promise<OrderHead | undefined> =>
  database.maybeOne<OrderHead>(`SELECT ${COLUMNS} FROM orders WHERE id = $1`, [orderId]);

/**
 * The order's row, locked: every change of an order, its lines, payments, shipments and timeline goes through this
 * lock.
 */
export const lockHead = (tx: Queryable, orderId: string): Promise<OrderHead | undefined> =>
  tx.maybeOne<OrderHead>(`SELECT ${COLUMNS} FROM orders WHERE id = $1 FOR UPDATE`, [orderId]);

/** An entry of the timeline before it has its position. */
export interface NewEntry {
  kind: 'state' | 'payment' | 'allocation' | 'fulfilment' | 'refund' | 'note';
  title: string;
  from: OrderState | null;
  to: OrderState | null;
  actor: string;
  reason: string | null;
  amount: number | null;
  reference: string | null;
  /** The customer sees it. */
  visible: boolean;
}

/**
 * Writes what can change of an order that was locked, and its new timeline entries, in one statement. Returns the order
 * as it is now.
 */
export const saveHead = async (
  tx: Queryable,
  head: OrderHead,
  entries: readonly NewEntry[],
  at: string,
): Promise<OrderHead> => {
  const saved = { ...head, revision: head.revision + entries.length, updatedAt: at };
  await tx.run(
    `WITH entries AS (
       INSERT INTO timeline (order_id, position, at, kind, title, from_state, to_state, actor, reason, amount, reference, visible, journey)
       SELECT $1, e.position, $14, e.kind, e.title, e."from", e."to", e.actor, e.reason, e.amount, e.reference, e.visible, $19::jsonb
       FROM jsonb_to_recordset($15::jsonb) AS e(position int, kind text, title text, "from" text, "to" text, actor text, reason text,
         amount bigint, reference text, visible boolean)
     )
     UPDATE orders SET state = $2, payment_state = $3, allocation_state = $4, authorized = $5, captured = $6, refunded = $7, payment_failed = $8,
       reservation_id = $9, hold_id = $10, state_reason = $11, allocated_at = $12, paid_at = $13, updated_at = $14, revision = $16, state_since = $17, cancelled = $18
     WHERE id = $1`,
    [
      saved.id,
      saved.state,
      saved.paymentState,
      saved.allocationState,
      saved.authorized,
      saved.captured,
      saved.refunded,
      saved.paymentFailed,
      saved.reservationId,
      saved.holdId,
      saved.stateReason,
      saved.allocatedAt,
      saved.paidAt,
      at,
      JSON.stringify(entries.map((entry, index) => ({ ...entry, position: head.revision + index + 1 }))),
      saved.revision,
      saved.stateSince,
      saved.cancelled,
      JSON.stringify(currentContext().journey ?? null),
    ],
  );
  return saved;
};

/**
 * Locks orders with a shipment that did not arrive by the promised moment and was not announced, a batch at a time,
 * passing over those in use.
 */
export const lockLate = (tx: Queryable, now: Date, limit: number): Promise<OrderHead[]> =>
  tx.rows<OrderHead>(
    `SELECT ${COLUMNS} FROM orders WHERE id IN (
       SELECT f.order_id FROM fulfilment f JOIN orders o ON o.id = f.order_id
       WHERE f.state = 'shipped' AND f.late_announced_at IS NULL AND f.promised_by < $1 AND o.state IN ('partially_fulfilled', 'fulfilled')
       ORDER BY f.promised_by LIMIT $2)
     FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );

/**
 * Locks orders that were placed or approved since before `since` and not confirmed, a batch at a time, passing over
 * those in use.
 */
export const lockOverdue = (tx: Queryable, since: Date, limit: number): Promise<OrderHead[]> =>
  tx.rows<OrderHead>(
    `SELECT ${COLUMNS} FROM orders WHERE state IN ('placed', 'approved') AND state_since < $1
     ORDER BY state, state_since LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [since, limit],
  );
