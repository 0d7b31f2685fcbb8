import type { Queryable } from '../../chassis/database/index.ts';
import { orderStates } from '../policy/states.ts';

export interface AuditProblem {
  orderId: string;
  problem: string;
}

const MAX_PROBLEMS = 100;

const LEGAL = Object.entries(orderStates).flatMap(([from, moves]) => Object.values(moves).map((to) => ({ from, to })));

/**
 * Each rule is one statement, so it sees one moment, and returns the orders that break it with a sentence that says
 * how.
 */
const RULES: readonly { sql: string; values?: () => string[] }[] = [
  {
    sql: `SELECT o.id AS "orderId", 'the grand total is ' || o.grand_total || '; lines and shipping come to ' || l.total + s.total AS problem
      FROM orders o
      JOIN (SELECT order_id, sum(net) AS net, sum(discount) AS discount, sum(tax) AS tax, sum(total) AS total FROM order_line GROUP BY order_id) l
        ON l.order_id = o.id
      CROSS JOIN LATERAL (SELECT COALESCE((o.details #>> '{shipping,tax,amount}')::bigint, 0) AS tax,
        COALESCE((o.details #>> '{shipping,total,amount}')::bigint, 0) AS total) s
      WHERE o.grand_total <> o.items - o.discount + o.shipping + o.tax OR o.grand_total <> l.total + s.total
        OR o.items <> l.net OR o.discount <> l.discount OR o.tax <> l.tax + s.tax`,
  },
  {
    sql: `SELECT o.id AS "orderId", 'it has ' || o.line_count || ' lines by its head, ' || count(l.line_id) || ' in fact' AS problem
      FROM orders o LEFT JOIN order_line l ON l.order_id = o.id GROUP BY o.id HAVING count(l.line_id) <> o.line_count`,
  },
  {
    sql: `SELECT DISTINCT ON (moves.order_id) moves.order_id AS "orderId",
        'the timeline goes from ' || COALESCE(moves.from_state, 'nothing') || ' to ' || moves.to_state || ' after ' || COALESCE(moves.before, 'nothing') AS problem
      FROM (SELECT order_id, position, from_state, to_state, lag(to_state) OVER (PARTITION BY order_id ORDER BY position) AS before
        FROM timeline WHERE to_state IS NOT NULL) moves
      WHERE moves.from_state IS DISTINCT FROM moves.before
        OR (moves.from_state IS NULL AND moves.to_state <> 'placed')
        OR (moves.from_state IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM jsonb_to_recordset($1::jsonb) AS legal("from" text, "to" text)
          WHERE legal."from" = moves.from_state AND legal."to" = moves.to_state))
      ORDER BY moves.order_id, moves.position`,
    values: () => [JSON.stringify(LEGAL)],
  },
  {
    sql: `SELECT o.id AS "orderId", 'it is ' || o.state || '; the timeline ends in ' || COALESCE(t.last, 'nothing') || ' with ' || COALESCE(t.entries, 0) || ' of ' || o.revision || ' entries' AS problem
      FROM orders o LEFT JOIN (
        SELECT order_id, count(*) AS entries, (array_agg(to_state ORDER BY position DESC) FILTER (WHERE to_state IS NOT NULL))[1] AS last
        FROM timeline GROUP BY order_id) t ON t.order_id = o.id
      WHERE t.last IS DISTINCT FROM o.state OR t.entries IS DISTINCT FROM o.revision`,
  },
  {
    sql: `SELECT o.id AS "orderId", 'captured is ' || o.captured || ' (holds say ' || COALESCE(h.captured, 0) || '), refunded is ' || o.refunded || ' (refunds say ' || COALESCE(r.amount, 0) || ')' AS problem
      FROM orders o
      LEFT JOIN (SELECT order_id, sum(captured) AS captured FROM order_hold GROUP BY order_id) h ON h.order_id = o.id
      LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM refund WHERE state <> 'failed' GROUP BY order_id) r ON r.order_id = o.id
      WHERE o.refunded > o.captured OR o.captured <> COALESCE(h.captured, 0) OR o.refunded <> COALESCE(r.amount, 0)`,
  },
  {
    sql: `SELECT l.order_id AS "orderId", 'line ' || l.line_id || ' has ' || l.shipped || ' shipped of ' || l.quantity || '; parcels hold ' || COALESCE(s.quantity, 0) AS problem
      FROM order_line l
      LEFT JOIN (SELECT f.order_id, p."lineId" AS line_id, sum(p.quantity) AS quantity
        FROM fulfilment f CROSS JOIN LATERAL jsonb_to_recordset(f.lines) AS p("lineId" text, quantity int) GROUP BY 1, 2) s
        ON s.order_id = l.order_id AND s.line_id = l.line_id
      WHERE l.shipped + l.cancelled > l.quantity OR l.shipped <> COALESCE(s.quantity, 0)`,
  },
  {
    sql: `SELECT o.id AS "orderId", 'it is ' || o.state || ' with ' || l.shipped || ' of ' || l.quantity || ' units shipped' AS problem
      FROM orders o JOIN (SELECT order_id, sum(shipped) AS shipped, sum(quantity - cancelled) AS quantity FROM order_line GROUP BY order_id) l ON l.order_id = o.id
      WHERE (o.state IN ('fulfilled', 'delivered') AND l.shipped < l.quantity)
        OR (o.state = 'partially_fulfilled' AND (l.shipped = 0 OR l.shipped = l.quantity))
        OR (o.state IN ('placed', 'under_review', 'approved', 'confirmed', 'cancelled', 'rejected') AND l.shipped > 0)`,
  },
];

/** Looks over all orders; returns how many there are and the first 100 breaches of the promises that an order makes. */
export const audit = async (database: Queryable): Promise<{ orders: number; problems: AuditProblem[] }> => {
  const { orders } = await database.one<{ orders: number }>('SELECT count(*) AS orders FROM orders');
  const problems: AuditProblem[] = [];
  for (const rule of RULES) {
    if (problems.length >= MAX_PROBLEMS) break;
    const found = await database.rows<AuditProblem>(`${rule.sql} LIMIT ${MAX_PROBLEMS}`, rule.values?.() ?? []);
    problems.push(...found);
  }
  return { orders, problems: problems.slice(0, MAX_PROBLEMS) };
};
