import type { Method } from '../contract/values.ts';

type Book =
  'external' | 'sales' | 'refunds' | 'card_clearing' | 'cash_clearing' | 'psp_fees' | 'chargebacks' | 'exchange';

/** One transfer between the platform's own accounts in the wallet. */
export interface ClearingTransfer {
  debit: Book;
  credit: Book;
  amount: { amount: number; currency: string };
}

/** Where money of a method is between its customer and the bank; the wallet books its own. */
const CLEARING: Record<Method, Book | undefined> = {
  card: 'card_clearing',
  cash_on_delivery: 'cash_clearing',
  wallet: undefined,
};

/** The transfers that stand for a capture or refund; none for the wallet. */
export const transfersOf = (
  kind: 'captured' | 'refunded',
  method: Method,
  amount: { amount: number; currency: string },
): ClearingTransfer[] => {
  const clearing = CLEARING[method];
  if (clearing === undefined) return [];
  return kind === 'captured'
    ? [{ debit: clearing, credit: 'sales', amount }]
    : [{ debit: 'refunds', credit: clearing, amount }];
};
