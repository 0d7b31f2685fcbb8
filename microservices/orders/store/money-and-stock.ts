import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { ReservationFacts } from '../policy/allocation.ts';
import type { HoldFacts } from '../policy/payment.ts';
import type { PlannedLine } from '../policy/refund.ts';
import type { Refund } from './order.ts';

// All of this is written under the order's row lock.

export const findHolds = (tx: Queryable, orderId: string): Promise<HoldFacts[]> =>
  tx.rows<HoldFacts>(
    `SELECT ${columns(['holdId', 'state', 'authorized', 'captured'])} FROM order_hold WHERE order_id = $1 ORDER BY hold_id`,
    [orderId],
  );

export const saveHold = async (tx: Queryable, orderId: string, hold: HoldFacts): Promise<void> => {
  await tx.run(
    `INSERT INTO order_hold (order_id, hold_id, state, authorized, captured) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (order_id, hold_id) DO UPDATE SET state = EXCLUDED.state, authorized = EXCLUDED.authorized, captured = EXCLUDED.captured`,
    [orderId, hold.holdId, hold.state, hold.authorized, hold.captured],
  );
};

export const findReservations = (tx: Queryable, orderId: string): Promise<ReservationFacts[]> =>
  tx.rows<ReservationFacts>(
    `SELECT ${columns(['reservationId', 'state'])} FROM order_reservation WHERE order_id = $1 ORDER BY reservation_id`,
    [orderId],
  );

export const saveReservation = async (tx: Queryable, orderId: string, known: ReservationFacts): Promise<void> => {
  await tx.run(
    `INSERT INTO order_reservation (order_id, reservation_id, state) VALUES ($1, $2, $3)
     ON CONFLICT (order_id, reservation_id) DO UPDATE SET state = EXCLUDED.state`,
    [orderId, known.reservationId, known.state],
  );
};

/** Keeps a refund under the next number of credit notes, and returns it with that. */
export const insertRefund = async (tx: Queryable, given: Omit<Refund, 'number'>, prefix: string): Promise<Refund> => {
  const { number } = await tx.one<{ number: string }>(
    `INSERT INTO refund (id, order_id, hold_id, state, amount, shipping, lines, reason, created_at, settled_at, taxes, number)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11::jsonb, $12 || nextval('credit_note_number')) RETURNING number`,
    [
      given.id,
      given.orderId,
      given.holdId,
      given.state,
      given.amount.amount,
      given.shipping.amount,
      JSON.stringify(given.lines),
      given.reason,
      given.createdAt,
      given.settledAt,
      JSON.stringify(given.taxes),
      prefix,
    ],
  );
  return { ...given, number };
};

/**
 * Counts refunded amounts and units on their lines; with sign −1 takes them back. The table refuses more than a line's
 * cost.
 */
export const countRefunded = async (
  tx: Queryable,
  orderId: string,
  lines: readonly Pick<PlannedLine, 'lineId' | 'amount' | 'quantity'>[],
  sign: 1 | -1,
): Promise<void> => {
  if (lines.length === 0) return;
  await tx.run(
    `UPDATE order_line l SET refunded = l.refunded + $3 * r.amount, refunded_quantity = l.refunded_quantity + $3::int * r.quantity
     FROM jsonb_to_recordset($2::jsonb) AS r("lineId" text, amount bigint, quantity int) WHERE l.order_id = $1 AND l.line_id = r."lineId"`,
    [orderId, JSON.stringify(lines), sign],
  );
};

/** Moves an issued refund on; false when it was not waiting. */
export const settleRefund = async (
  tx: Queryable,
  refundId: string,
  state: 'settled' | 'failed',
  at: string,
): Promise<boolean> =>
  (await tx.run(`UPDATE refund SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'issued'`, [
    refundId,
    state,
    at,
  ])) === 1;

/** Counts cancelled units on their lines. */
export const countCancelled = async (
  tx: Queryable,
  orderId: string,
  lines: readonly { lineId: string; quantity: number }[],
): Promise<void> => {
  await tx.run(
    `UPDATE order_line l SET cancelled = l.cancelled + c.quantity
     FROM jsonb_to_recordset($2::jsonb) AS c("lineId" text, quantity int) WHERE l.order_id = $1 AND l.line_id = c."lineId"`,
    [orderId, JSON.stringify(lines)],
  );
};
