import type { Queryable } from '../../chassis/database/index.ts';

const SUMS = `
SELECT format('payment %s: %s authorized, %s captured, %s refunded, but its parts sum to %s, %s, %s', y.id, y.authorized, y.captured, y.refunded,
  p.authorized, p.captured, p.refunded) AS problem
FROM payment y JOIN (
  SELECT payment_id, sum(amount) AS amount, sum(authorized) AS authorized, sum(captured) AS captured, sum(refunded) AS refunded FROM payment_part GROUP BY payment_id
) p ON p.payment_id = y.id
WHERE (y.amount, y.authorized, y.captured, y.refunded) IS DISTINCT FROM (p.amount, p.authorized, p.captured, p.refunded)`;

const MOVEMENTS = `
SELECT format('part %s: %s captured and %s refunded, but its movements sum to %s and %s', p.id, p.captured, p.refunded, coalesce(o.captured, 0), coalesce(o.refunded, 0)) AS problem
FROM payment_part p LEFT JOIN (
  SELECT part_id, sum(amount) FILTER (WHERE kind = 'capture') AS captured, sum(amount) FILTER (WHERE kind = 'refund') AS refunded
  FROM operation WHERE state = 'succeeded' GROUP BY part_id
) o ON o.part_id = p.id
WHERE p.captured <> coalesce(o.captured, 0) OR p.refunded <> coalesce(o.refunded, 0)`;

const MIRRORED = `
SELECT format('%s %s of %s is not among the postings for the ledger', o.kind, o.id, o.amount) AS problem
FROM operation o JOIN payment_part p ON p.id = o.part_id LEFT JOIN posting l ON l.reference = o.id
WHERE o.state = 'succeeded' AND o.kind IN ('capture', 'refund') AND p.method <> 'wallet' AND l.reference IS NULL`;

const CHECKS = [SUMS, MOVEMENTS, MIRRORED];
const MOST_PROBLEMS = 100;

/** Differences between payments, their parts, their movements and what is to be posted of them. */
export const paymentProblems = async (snapshot: Queryable): Promise<string[]> => {
  const problems: string[] = [];
  for (const check of CHECKS)
    problems.push(
      ...(await snapshot.rows<{ problem: string }>(`${check} LIMIT ${MOST_PROBLEMS}`)).map((row) => row.problem),
    );
  return problems.slice(0, MOST_PROBLEMS);
};

export const countUnsettled = (
  snapshot: Queryable,
): Promise<{ payments: number; unsettled: number; unposted: number }> =>
  snapshot.one(
    `SELECT (SELECT count(*) FROM payment) AS payments,
       (SELECT count(*) FROM operation WHERE state = 'requested') AS unsettled,
       (SELECT count(*) FROM posting WHERE posted_at IS NULL) AS unposted`,
  );

/** Debits less credits of what was posted, for each of the platform's own accounts and currency. */
export const postedTotals = (
  snapshot: Queryable,
): Promise<{ name: string; currency: string; debits: number; credits: number }[]> =>
  snapshot.rows(
    `SELECT side.name, t.value -> 'amount' ->> 'currency' AS currency,
       sum(CASE WHEN side.is_debit THEN (t.value -> 'amount' ->> 'amount')::bigint ELSE 0 END)::bigint AS debits,
       sum(CASE WHEN side.is_debit THEN 0 ELSE (t.value -> 'amount' ->> 'amount')::bigint END)::bigint AS credits
     FROM posting l CROSS JOIN jsonb_array_elements(l.transfers) AS t (value)
     CROSS JOIN LATERAL (VALUES (t.value ->> 'debit', true), (t.value ->> 'credit', false)) AS side (name, is_debit)
     WHERE l.posted_at IS NOT NULL GROUP BY 1, 2`,
  );
