import type { Money } from '../../chassis/contract/index.ts';
import { enter, withAccount, type Book, type Outcome, type Transfer, type TransferKind } from './book.ts';
import { countSpent, dayOf, refuseReceipt, refuseSpend, type LimitRefusal, type SpendRefusal } from './spending.ts';

export type Sides = Pick<Transfer, 'debitAccount' | 'creditAccount'>;

/** A transfer that belongs to no hold and no other transfer. */
export const newTransfer = (
  id: string,
  kind: TransferKind,
  { amount, reference }: { amount: Money; reference: string },
  at: string,
  sides: Sides,
): Transfer => ({
  id,
  linkedId: null,
  kind,
  currency: amount.currency,
  amount: amount.amount,
  ...sides,
  holdId: null,
  reference,
  reason: null,
  at,
});

/** Posts a top-up when its receiver may take that much. */
export const receive = (book: Book, transfer: Transfer): Outcome<Book, LimitRefusal> => {
  const receiver = book.accounts.get(transfer.creditAccount);
  const refused = receiver && refuseReceipt(receiver, transfer.amount);
  return refused ? { refused } : { done: enter(book, transfer) };
};

/**
 * Posts a transfer or payout when its payer may spend and its receiver may receive. A side that is none of the book's accounts is one
 * of the platform's own books, which always may.
 */
export const spend = (book: Book, transfer: Transfer): Outcome<Book, SpendRefusal> => {
  const day = dayOf(transfer.at);
  const payer = book.accounts.get(transfer.debitAccount);
  const receiver = book.accounts.get(transfer.creditAccount);
  const refused =
    (payer && refuseSpend(payer, transfer.amount, day)) ?? (receiver && refuseReceipt(receiver, transfer.amount));
  if (refused) return { refused };
  return { done: enter(payer ? withAccount(book, countSpent(payer, transfer.amount, day)) : book, transfer) };
};

/** Posts linked transfers in order, each seeing those before it; the first refusal refuses all. */
export const spendAll = (
  book: Book,
  transfers: readonly Transfer[],
): Outcome<Book, SpendRefusal & { index: number }> => {
  let current = book;
  for (const [index, transfer] of transfers.entries()) {
    const outcome = spend(current, transfer);
    if (outcome.refused) return { refused: { ...outcome.refused, index } };
    current = outcome.done;
  }
  return { done: current };
};
