import { decimalsOf } from '../../../chassis/contract/iso.ts';
import { share } from '../../../chassis/money.ts';
import type { Queryable } from '../../../chassis/database/index.ts';
import type { ReportLine } from '../port.ts';

interface Row {
  key: string;
  kind: 'capture' | 'refund';
  amount: number;
  currency: string;
  at: string;
}

const FEE_BASIS_POINTS = 140;
const FEE_FIXED = 25;
/** The test bank's one rate, in basis points, for whatever currencies. */
const RATE_BASIS_POINTS = 11_000;

/** The test bank's report: captures and refunds of a period, with its fees, in the currency that it settles in. */
export const reportOf = async (
  db: Queryable,
  { from, to, settlesIn }: { from: Date; to: Date; settlesIn: string | undefined },
): Promise<ReportLine[]> => {
  const rows = await db.rows<Row>(
    `SELECT m.key, m.kind, m.amount, p.currency, m.at FROM bank_movement m JOIN bank_payment p ON p.id = m.payment_id
     WHERE m.status = 'succeeded' AND m.kind IN ('capture', 'refund') AND m.at >= $1 AND m.at < $2 ORDER BY m.key`,
    [from, to],
  );
  return rows.map((row) => {
    const settled = settledIn(row, settlesIn ?? row.currency);
    const fee = row.kind === 'capture' ? share(settled, FEE_BASIS_POINTS).amount + FEE_FIXED : 0;
    const { key, kind, amount, currency, at } = row;
    return { id: key.replace('pop_', 'txn_'), key, kind, amount, currency, fee, settled, at };
  });
};

/** The amount in another currency, with its decimals, rounded half up. */
const settledIn = ({ amount, currency }: Row, other: string): { amount: number; currency: string } => {
  if (other === currency) return { amount, currency };
  const shift = 10 ** (decimalsOf(other) - decimalsOf(currency));
  return share({ amount: Math.max(1, Math.round(amount * shift)), currency: other }, RATE_BASIS_POINTS);
};
