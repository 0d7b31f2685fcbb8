import type { z } from 'zod';
import type { Queryable } from '../../chassis/database/index.ts';
import type { retainedInvoice } from '../contract/privacy.ts';

export type RetainedInvoice = z.infer<typeof retainedInvoice>;

/** Invoices of erased persons after a position; one more than `limit`, when there is one. */
export const listRetainedInvoices = (
  database: Queryable,
  filter: { number?: string | undefined; after: [placedAt: string, orderId: string] | undefined; limit: number },
): Promise<RetainedInvoice[]> =>
  database.rows<RetainedInvoice>(
    `SELECT o.id AS "orderId", o.number, i.address, o.currency, i.placed_at AS "placedAt", i.keep_until AS "keepUntil",
       o.details -> 'taxes' AS taxes,
       jsonb_build_object('items', ${money('o.items')}, 'discount', ${money('o.discount')}, 'shipping', ${money('o.shipping')},
         'tax', ${money('o.tax')}, 'grandTotal', ${money('o.grand_total')}) AS totals,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('number', r.number, 'amount', ${money('r.amount')}, 'taxes', r.taxes,
           'createdAt', to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY r.created_at, r.id)
         FROM refund r WHERE r.order_id = o.id AND r.state <> 'failed'), '[]'::jsonb) AS "creditNotes"
     FROM retained_invoice i JOIN orders o ON o.id = i.order_id
     WHERE ($1::text IS NULL OR o.number = $1) AND ($2::timestamptz IS NULL OR (i.placed_at, i.order_id) > ($2, $3))
     ORDER BY i.placed_at, i.order_id LIMIT $4`,
    [filter.number ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit + 1],
  );

const money = (column: string): string => `jsonb_build_object('amount', ${column}, 'currency', o.currency)`;

/** Deletes names and addresses whose time is over, at most `limit`. Returns how many. */
export const deleteOverdueInvoices = (database: Queryable, now: Date, limit: number): Promise<number> =>
  database.run(
    `DELETE FROM retained_invoice WHERE order_id IN (
       SELECT order_id FROM retained_invoice WHERE keep_until <= $1 ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  );
