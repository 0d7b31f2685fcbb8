import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { delivery, type Delivery, type DeliveryState, type Transfer, type TransferState } from '../contract/shapes.ts';

const TRANSFER = `${columns(['id', 'fromLocationId', 'toLocationId', 'state', 'reference', 'createdAt', 'settledAt'], 't')},
  (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.sku COLLATE "C")
   FROM transfer_line l WHERE l.transfer_id = t.id) AS lines`;

export type NewTransfer = Pick<Transfer, 'id' | 'fromLocationId' | 'toLocationId' | 'state' | 'lines' | 'reference'>;

export const insertTransfer = async (tx: Queryable, transfer: NewTransfer): Promise<Transfer> => {
  const times = await tx.one<Pick<Transfer, 'createdAt' | 'settledAt'>>(
    `WITH lines AS (
       INSERT INTO transfer_line (transfer_id, sku, quantity)
       SELECT $1, l.sku, l.quantity FROM jsonb_to_recordset($6::jsonb) AS l(sku text, quantity bigint)
     )
     INSERT INTO transfer (id, from_location_id, to_location_id, state, reference, settled_at)
     VALUES ($1, $2, $3, $4, $5, CASE WHEN $4 = 'in_transit' THEN NULL ELSE now() END)
     RETURNING ${columns(['createdAt', 'settledAt'])}`,
    [
      transfer.id,
      transfer.fromLocationId,
      transfer.toLocationId,
      transfer.state,
      transfer.reference,
      JSON.stringify(transfer.lines),
    ],
  );
  return { ...transfer, ...times };
};

export const findTransfer = (db: Queryable, id: string): Promise<Transfer | undefined> =>
  db.maybeOne<Transfer>(`SELECT ${TRANSFER} FROM transfer t WHERE t.id = $1`, [id]);

/** Ends a transfer in transit; undefined when it is not there or no longer in transit. */
export const settleTransfer = (tx: Queryable, id: string, state: TransferState): Promise<Transfer | undefined> =>
  tx.maybeOne<Transfer>(
    `UPDATE transfer t SET state = $2, settled_at = now() WHERE t.id = $1 AND t.state = 'in_transit' RETURNING ${TRANSFER}`,
    [id, state],
  );

export interface TransferFilter {
  state?: TransferState | undefined;
  locationId?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listTransfers = (db: Queryable, filter: TransferFilter, before: string | undefined): Promise<Transfer[]> =>
  db.rows<Transfer>(
    `SELECT ${TRANSFER} FROM transfer t
     WHERE ($1::text IS NULL OR t.state = $1) AND ($2::text IS NULL OR t.from_location_id = $2 OR t.to_location_id = $2)
       AND ($3::text IS NULL OR t.id < $3)
     ORDER BY t.id DESC LIMIT $4`,
    [filter.state ?? null, filter.locationId ?? null, before ?? null, filter.limit + 1],
  );

const DELIVERY = columns(Object.keys(delivery.shape));

export type NewDelivery = Pick<Delivery, 'id' | 'sku' | 'locationId' | 'quantity' | 'reference' | 'expectedAt'>;

export const insertDelivery = (tx: Queryable, delivery: NewDelivery): Promise<Delivery> =>
  tx.one<Delivery>(
    `INSERT INTO delivery (id, sku, location_id, quantity, state, reference, expected_at)
     VALUES ($1, $2, $3, $4, 'open', $5, $6) RETURNING ${DELIVERY}`,
    [delivery.id, delivery.sku, delivery.locationId, delivery.quantity, delivery.reference, delivery.expectedAt],
  );

/** Under its row lock, until the transaction ends. */
export const lockDelivery = (tx: Queryable, id: string): Promise<Delivery | undefined> =>
  tx.maybeOne<Delivery>(`SELECT ${DELIVERY} FROM delivery WHERE id = $1 FOR UPDATE`, [id]);

export const writeDelivery = (
  tx: Queryable,
  delivery: Pick<Delivery, 'id' | 'received' | 'state'>,
): Promise<Delivery> =>
  tx.one<Delivery>(`UPDATE delivery SET received = $2, state = $3 WHERE id = $1 RETURNING ${DELIVERY}`, [
    delivery.id,
    delivery.received,
    delivery.state,
  ]);

export interface DeliveryFilter {
  sku?: string | undefined;
  locationId?: string | undefined;
  state?: DeliveryState | undefined;
  reference?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listDeliveries = (
  db: Queryable,
  filter: DeliveryFilter,
  before: string | undefined,
): Promise<Delivery[]> =>
  db.rows<Delivery>(
    `SELECT ${DELIVERY} FROM delivery
     WHERE ($1::text IS NULL OR sku = $1) AND ($2::text IS NULL OR location_id = $2) AND ($3::text IS NULL OR state = $3)
       AND ($4::text IS NULL OR reference = $4) AND ($5::text IS NULL OR id < $5)
     ORDER BY id DESC LIMIT $6`,
    [
      filter.sku ?? null,
      filter.locationId ?? null,
      filter.state ?? null,
      filter.reference ?? null,
      before ?? null,
      filter.limit + 1,
    ],
  );
