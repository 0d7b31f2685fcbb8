import type { Queryable } from '../../chassis/database/index.ts';
import type { Fulfilment } from './order.ts';

/** Writes a shipment and counts its units on the lines; the table refuses more than were ordered. */
export const insertFulfilment = async (tx: Queryable, orderId: string, shipment: Fulfilment): Promise<void> => {
  await tx.run(
    `WITH counted AS (
       UPDATE order_line l SET shipped = l.shipped + s.quantity
       FROM jsonb_to_recordset($4::jsonb) AS s("lineId" text, quantity int) WHERE l.order_id = $2 AND l.line_id = s."lineId"
     )
     INSERT INTO fulfilment (id, order_id, state, lines, carrier, tracking_number, tracking_url, location_id, shipped_at, promised_by)
     VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8, $9, $10)`,
    [
      shipment.id,
      orderId,
      shipment.state,
      JSON.stringify(shipment.lines),
      shipment.carrier,
      shipment.trackingNumber,
      shipment.trackingUrl,
      shipment.locationId,
      shipment.shippedAt,
      shipment.promisedBy,
    ],
  );
};

export const markDelivered = async (tx: Queryable, fulfilmentIds: readonly string[], at: string): Promise<void> => {
  await tx.run(`UPDATE fulfilment SET state = 'delivered', delivered_at = $2 WHERE id = ANY($1::text[])`, [
    [...fulfilmentIds],
    at,
  ]);
};

export const setTracking = async (
  tx: Queryable,
  fulfilmentId: string,
  given: Pick<Fulfilment, 'carrier' | 'trackingNumber' | 'trackingUrl' | 'promisedBy'>,
): Promise<void> => {
  // A new promise may be broken anew.
  await tx.run(
    `UPDATE fulfilment SET carrier = $2, tracking_number = $3, tracking_url = $4, promised_by = $5,
       late_announced_at = CASE WHEN promised_by IS DISTINCT FROM $5::timestamptz THEN NULL ELSE late_announced_at END
     WHERE id = $1`,
    [fulfilmentId, given.carrier, given.trackingNumber, given.trackingUrl, given.promisedBy],
  );
};

/** A shipment that did not arrive by the promised moment. */
export interface LateShipment {
  id: string;
  orderId: string;
  promisedBy: string;
}

/** Marks shipments of locked orders that are late by now and were not announced. */
export const markLate = (tx: Queryable, orderIds: readonly string[], now: Date): Promise<LateShipment[]> =>
  tx.rows<LateShipment>(
    `UPDATE fulfilment SET late_announced_at = $2
     WHERE order_id = ANY($1::text[]) AND state = 'shipped' AND promised_by < $2 AND late_announced_at IS NULL
     RETURNING id, order_id AS "orderId", promised_by AS "promisedBy"`,
    [[...orderIds], now],
  );
