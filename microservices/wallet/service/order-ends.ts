import type { PayloadOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import { openBook, type Book, type Hold } from '../policy/book.ts';
import { refund, refundableOf, release } from '../policy/holds.ts';
import { closeReference, lockHold } from '../store/lock.ts';
import { findRefund } from '../store/transfers.ts';
import { writeBook } from '../store/write-book.ts';
import { announceRefund, announceSettled } from './announce.ts';
import { keepReturned } from './credit-moves.ts';
import { refundOnce } from './refunds.ts';
import type { RefundFailure } from './refusals.ts';

/** The reference of the refund of everything that a cancelled or rejected order had paid. */
const cancellationReference = (orderId: string): string => `${orderId}/cancelled`;

/**
 * Gives back all that an order holds and has paid, and closes it: a hold that a journey asks for afterwards is refused.
 * Safe to repeat: nothing is left to give back then.
 */
export const giveBackOrder = async (tx: Tx, orderId: string, at: string): Promise<void> => {
  const { holds, accounts } = await closeReference(tx, orderId, at);
  const book = holds.reduce((current, hold) => giveBackHold(tx, current, hold, at), openBook(accounts));
  await writeBook(tx, book);
  await keepReturned(tx, holds, book, at);
};

const giveBackHold = (tx: Tx, book: Book, hold: Hold, at: string): Book => {
  const voided = release(book, hold, 'void');
  if (voided.done) announceSettled(tx, voided.done, 'voided');
  const left = voided.done ?? { book, hold };
  const amount = { amount: refundableOf(left.hold), currency: hold.currency };
  if (amount.amount === 0) return left.book;
  const reference = cancellationReference(hold.reference);
  const refunded = refund(left.book, left.hold, { transferId: newId('trf'), amount, reference, reason: null, at });
  if (refunded.refused) {
    announceFailure(
      tx,
      { holdId: hold.id, orderId: hold.reference, refundId: reference, amount },
      refunded.refused.code,
    );
    return left.book;
  }
  announceRefund(tx, refunded.done.hold, refunded.done.transfer);
  return refunded.done.book;
};

/** A refund that orders decided on. */
export interface IssuedRefund {
  orderId: string;
  refundId: string;
  holdId: string;
  amount: { amount: number; currency: string };
}

/** Moves the money of a refund that orders issued; what cannot be moved is announced for a person to look at. */
export const moveRefund = async (tx: Tx, issued: IssuedRefund, at: string): Promise<void> => {
  const { orderId, refundId, holdId, amount } = issued;
  const locked = await lockHold(tx, holdId);
  if (!locked || locked.hold.reference !== orderId) {
    announceFailure(tx, issued, 'HOLD_NOT_FOUND');
    return;
  }
  const made = await refundOnce(tx, locked, { amount, reason: null, reference: refundId }, at);
  if (!('code' in made)) return;
  // Everything went back when the order was cancelled: this refund is part of that.
  if (await findRefund(tx, holdId, cancellationReference(orderId))) return;
  announceFailure(tx, issued, made.code);
};

const announceFailure = (tx: Tx, issued: IssuedRefund, code: RefundFailure['code'] | 'HOLD_NOT_FOUND'): void =>
  tx.append('payment.refund_failed', issued.orderId, { ...issued, reason: REASON[code] });

const REASON: Record<
  RefundFailure['code'] | 'HOLD_NOT_FOUND',
  PayloadOf<typeof walletContract, 'payment.refund_failed'>['reason']
> = {
  HOLD_NOT_FOUND: 'hold_not_found',
  REFUND_EXCEEDS_CAPTURE: 'exceeds_captured',
  CURRENCY_MISMATCH: 'another_currency',
  REFERENCE_USED: 'reference_used',
  LIMIT_EXCEEDED: 'balance_limit',
};
