import type { Queryable } from '../../chassis/database/index.ts';

export interface AbandonedOrder {
  orderId: string;
  bargainId: string;
  attempts: number;
}

/** Remembers an order that did not come about, until what is held under its id has been let go. */
export const abandonOrder = async (tx: Queryable, orderId: string, bargainId: string, at: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO abandoned_order (order_id, bargain_id, settle_after) VALUES ($1, $2, $3) ON CONFLICT (order_id) DO NOTHING`,
    [orderId, bargainId, at],
  );
};

/** Takes some for a while, so that nobody else works on them. */
export const takeAbandoned = (tx: Queryable, at: Date, until: Date, limit: number): Promise<AbandonedOrder[]> =>
  tx.rows<AbandonedOrder>(
    `UPDATE abandoned_order a SET settle_after = $2, attempts = a.attempts + 1
     WHERE a.order_id IN (SELECT order_id FROM abandoned_order WHERE settle_after <= $1
                          ORDER BY settle_after LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING a.order_id AS "orderId", a.bargain_id AS "bargainId", a.attempts`,
    [at, until, limit],
  );

export const forgetAbandoned = async (db: Queryable, orderId: string): Promise<void> => {
  await db.run('DELETE FROM abandoned_order WHERE order_id = $1', [orderId]);
};

export const letGoLater = async (db: Queryable, orderId: string, at: Date): Promise<void> => {
  await db.run('UPDATE abandoned_order SET settle_after = $2 WHERE order_id = $1', [orderId, at]);
};
