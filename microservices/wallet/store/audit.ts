import type { Database, Queryable } from '../../chassis/database/index.ts';

export interface LedgerAudit {
  consistent: boolean;
  accounts: number;
  transfers: number;
  holds: number;
  currencies: { currency: string; debits: string; credits: string }[];
  problems: string[];
}

const MOST_PROBLEMS = 100;

/**
 * Recomputes balances and holds from the entries and compares, all in one snapshot, so that running traffic cannot show
 * as a problem.
 */
export const auditLedger = async (database: Database): Promise<LedgerAudit> =>
  inSnapshot(database, async (snapshot) => {
    const counts = await snapshot.one<{ accounts: number; transfers: number; holds: number }>(
      `SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM transfer) AS transfers, (SELECT count(*) FROM hold) AS holds`,
    );
    const currencies = await snapshot.rows<LedgerAudit['currencies'][number]>(TOTALS);
    const problems = currencies
      .filter(({ debits, credits }) => debits !== credits)
      .map(({ currency, debits, credits }) => `${currency}: debits ${debits} and credits ${credits} differ`);
    for (const check of CHECKS) {
      const found = await snapshot.rows<{ problem: string }>(`${check} LIMIT ${MOST_PROBLEMS}`);
      problems.push(...found.map(({ problem }) => problem));
    }
    return { consistent: problems.length === 0, ...counts, currencies, problems: problems.slice(0, MOST_PROBLEMS) };
  });

/** One read-only snapshot with time for a pass over the whole ledger. */
export const inSnapshot = <T>(database: Database, read: (snapshot: Queryable) => Promise<T>): Promise<T> =>
  database.transaction(async (tx) => {
    await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await tx.run(`SET LOCAL statement_timeout = '120s'`);
    return read(tx);
  });

const TOTALS = `
SELECT currency, coalesce(sum(amount) FILTER (WHERE side = 'debit'), 0)::text AS debits,
  coalesce(sum(amount) FILTER (WHERE side = 'credit'), 0)::text AS credits
FROM entry GROUP BY currency ORDER BY currency`;

const BALANCES = `
SELECT format('account %s: balance %s after %s entries, but its entries sum to %s in %s', a.id, a.balance, a.entries, coalesce(e.total, 0), coalesce(e.lines, 0)) AS problem
FROM account a LEFT JOIN (
  SELECT account_id, sum(CASE side WHEN 'credit' THEN amount ELSE -amount END) AS total, count(*) AS lines FROM entry
  WHERE sequence IS NOT NULL GROUP BY account_id
) e ON e.account_id = a.id
WHERE a.balance <> coalesce(e.total, 0) OR a.entries <> coalesce(e.lines, 0)`;

const RUNNING_BALANCES = `
SELECT format('account %s: entry %s of transfer %s does not follow from the one before it', account_id, sequence, transfer_id) AS problem
FROM (
  SELECT *, lag(sequence, 1, 0::bigint) OVER ordered AS sequence_before, lag(balance_after, 1, 0::bigint) OVER ordered AS balance_before
  FROM entry WHERE sequence IS NOT NULL WINDOW ordered AS (PARTITION BY account_id ORDER BY sequence)
) line
WHERE sequence <> sequence_before + 1 OR balance_after <> balance_before + CASE side WHEN 'credit' THEN amount ELSE -amount END`;

const NEGATIVE = `
SELECT format('account %s: %s held of a balance of %s', id, held, balance) AS problem FROM account WHERE held < 0 OR held > balance`;

const HELD = `
SELECT format('account %s: %s held, but its open holds sum to %s', a.id, a.held, coalesce(h.open, 0)) AS problem
FROM account a LEFT JOIN (
  SELECT account_id, sum(amount - captured) AS open FROM hold WHERE state IN ('authorized', 'partially_captured') GROUP BY account_id
) h ON h.account_id = a.id
WHERE a.held <> coalesce(h.open, 0)`;

const HOLDS = `
SELECT format('hold %s: %s captured and %s refunded of %s, but its transfers say %s and %s', h.id, h.captured, h.refunded, h.amount, coalesce(t.captured, 0), coalesce(t.refunded, 0)) AS problem
FROM hold h LEFT JOIN (
  SELECT hold_id, coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured, coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
  FROM transfer WHERE hold_id IS NOT NULL GROUP BY hold_id
) t ON t.hold_id = h.id
WHERE h.captured <> coalesce(t.captured, 0) OR h.refunded <> coalesce(t.refunded, 0) OR h.captured > h.amount OR h.refunded > h.captured`;

const TWO_ENTRIES = `
SELECT format('transfer %s does not have its two entries', t.id) AS problem
FROM transfer t
LEFT JOIN entry d ON d.transfer_id = t.id AND d.side = 'debit'
LEFT JOIN entry c ON c.transfer_id = t.id AND c.side = 'credit'
WHERE (d.account_id, d.currency, d.amount, c.account_id, c.currency, c.amount)
  IS DISTINCT FROM (t.debit_account, t.currency, t.amount, t.credit_account, t.currency, t.amount)`;

const ENTRIES_BELONG = `
SELECT format('entry (%s) of transfer %s belongs to no transfer, or to account %s, which is not there or has another currency', e.side, e.transfer_id, e.account_id) AS problem
FROM entry e LEFT JOIN transfer t ON t.id = e.transfer_id LEFT JOIN account a ON a.id = e.account_id
WHERE t.id IS NULL OR e.currency IS DISTINCT FROM a.currency AND NOT (
  e.account_id LIKE '%:' || e.currency AND split_part(e.account_id, ':', 1) IN ('external', 'sales', 'refunds', 'write_offs', 'credits',
    'card_clearing', 'cash_clearing', 'psp_fees', 'chargebacks', 'exchange'))`;

const CREDIT = `
SELECT format('account %s: %s of credit on a balance of %s, and its grants have at most %s left', a.id, a.credit, a.balance, coalesce(g.remaining, 0)) AS problem
FROM account a LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM credit_grant GROUP BY account_id) g ON g.account_id = a.id
WHERE a.credit < 0 OR a.credit > a.balance OR a.credit > coalesce(g.remaining, 0)`;

const GRANTS = `
SELECT format('%s: %s granted and %s taken back, but the transfers say %s and %s', currency, sum(granted), sum(taken_back), sum(posted), sum(posted_back)) AS problem
FROM (
  SELECT currency, CASE WHEN returned THEN 0 ELSE amount END AS granted, taken_back, 0 AS posted, 0 AS posted_back FROM credit_grant UNION ALL
  SELECT currency, 0, 0, CASE kind WHEN 'credit' THEN amount ELSE 0 END, CASE kind WHEN 'credit_expired' THEN amount ELSE 0 END
  FROM transfer WHERE kind IN ('credit', 'credit_expired')
) line GROUP BY currency HAVING sum(granted) <> sum(posted) OR sum(taken_back) <> sum(posted_back)`;

const CHECKS = [BALANCES, RUNNING_BALANCES, NEGATIVE, HELD, HOLDS, TWO_ENTRIES, ENTRIES_BELONG, CREDIT, GRANTS];
