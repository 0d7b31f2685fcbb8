import type { Money } from '../../chassis/contract/index.ts';
import {
  accountOf,
  enter,
  withdrawable,
  withAccount,
  type Book,
  type Outcome,
  type Transfer,
  type TransferKind,
} from './book.ts';
import {
  countSpent,
  dayOf,
  refuseMore,
  refuseReceipt,
  refuseSpend,
  type InsufficientFunds,
  type ReceiptRefusal,
  type SpendRefusal,
} from './spending.ts';

export type WriteOffRefusal = InsufficientFunds | { code: 'OWNER_NOT_ERASED'; ownerId: string };

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
export const receive = (book: Book, transfer: Transfer): Outcome<Book, ReceiptRefusal> => {
  const receiver = book.accounts.get(transfer.creditAccount);
  const refused = receiver && refuseReceipt(receiver, transfer.amount);
  return refused ? { refused } : { done: enter(book, transfer) };
};

/**
 * Posts a transfer or payout when its payer may spend and its receiver may receive. A side that is none of the book's
 * accounts is one of the platform's own books, which always may.
 */
export const spend = (book: Book, transfer: Transfer): Outcome<Book, SpendRefusal> => {
  const day = dayOf(transfer.at);
  const payer = book.accounts.get(transfer.debitAccount);
  const receiver = book.accounts.get(transfer.creditAccount);
  const refused =
    (payer && refuseSpend(payer, transfer.amount, day, transfer.kind === 'payout' ? 'payout' : 'transfer')) ??
    (receiver && refuseReceipt(receiver, transfer.amount));
  if (refused) return { refused };
  return { done: enter(payer ? withAccount(book, countSpent(payer, transfer.amount, day)) : book, transfer) };
};

/** Posts what is written off: only of what an erased owner left, whatever the limits of the account were. */
export const writeOff = (book: Book, transfer: Transfer): Outcome<Book, WriteOffRefusal> => {
  const payer = accountOf(book, transfer.debitAccount);
  const { ownerId } = payer;
  if (payer.ended !== 'erased') return { refused: { code: 'OWNER_NOT_ERASED', ownerId } };
  const refused = refuseMore(payer, transfer.amount, withdrawable(payer));
  return refused ? { refused } : { done: enter(book, transfer) };
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
