import type { Difference } from '../contract/reconciliations.ts';
import type { ReportLine } from '../psp/port.ts';
import type { ClearingTransfer } from './postings.ts';

/** A movement as our records have it. */
export interface OwnMovement {
  id: string;
  amount: number;
  currency: string;
}

export interface Reconciled {
  matched: number;
  differences: Difference[];
}

/** Compares a report with our movements, by our ids. Each line and each movement counts once. */
export const reconcile = (lines: readonly ReportLine[], own: readonly OwnMovement[]): Reconciled => {
  const left = new Map(own.map((movement) => [movement.id, movement]));
  const differences: Difference[] = [];
  let matched = 0;
  for (const { id, key, amount, currency } of lines) {
    const movement = key === null ? undefined : left.get(key);
    if (movement) left.delete(movement.id);
    const atProvider = { amount, currency };
    const here = movement ? { amount: movement.amount, currency: movement.currency } : null;
    if (here?.amount === amount && here.currency === currency) matched += 1;
    else differences.push({ kind: here ? 'amount' : 'not_here', reference: movement?.id ?? id, here, atProvider });
  }
  for (const { id, amount, currency } of left.values())
    differences.push({ kind: 'not_at_provider', reference: id, here: { amount, currency }, atProvider: null });
  return { matched, differences };
};

/** What a line of a report adds to the ledger: the fee, and both sides of a settlement in another currency. */
export const settlementOf = ({ kind, amount, currency, fee, settled }: ReportLine): ClearingTransfer[] => {
  const feeTransfers: ClearingTransfer[] =
    fee > 0
      ? [{ debit: 'psp_fees', credit: 'card_clearing', amount: { amount: fee, currency: settled.currency } }]
      : [];
  if (settled.currency === currency) return feeTransfers;
  const given = { amount, currency };
  const out: ClearingTransfer[] =
    kind === 'capture'
      ? [
          { debit: 'exchange', credit: 'card_clearing', amount: given },
          { debit: 'card_clearing', credit: 'exchange', amount: settled },
        ]
      : [
          { debit: 'card_clearing', credit: 'exchange', amount: given },
          { debit: 'exchange', credit: 'card_clearing', amount: settled },
        ];
  return [...out, ...feeTransfers];
};

/** Fees by currency. */
export const feesOf = (lines: readonly ReportLine[]): { amount: number; currency: string }[] => {
  const sums = new Map<string, number>();
  for (const { fee, settled } of lines)
    if (fee > 0) sums.set(settled.currency, (sums.get(settled.currency) ?? 0) + fee);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
};
