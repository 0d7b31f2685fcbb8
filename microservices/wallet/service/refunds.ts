import { inWords } from '../../chassis/money.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import { openBook, type Account, type Hold, type Transfer } from '../policy/book.ts';
import { refund, type RefundRefusal } from '../policy/holds.ts';
import { lockHold } from '../store/lock.ts';
import { findRefund } from '../store/transfers.ts';
import { writeBook } from '../store/write-book.ts';
import { holdAnswer, transferAnswer } from './answers.ts';
import { announceRefund } from './announce.ts';
import { noSuchHold } from './holds.ts';
import type { Wallet, WalletHandler, WalletTransaction } from './ledger.ts';
import { limitProblem } from './refusals.ts';

interface RefundTerms extends Pick<InputOf<Wallet, 'refundCapture'>, 'amount' | 'reference'> {
  /** Null when an event asked. */
  reason: string | null;
}
export type RefundFailure =
  RefundRefusal | { code: 'REFERENCE_USED'; reference: string; amount: { amount: number; currency: string } };

export const refundCapture: WalletHandler<'refundCapture'> =
  (platform) =>
  async ({ holdId, ...terms }, { errors, commit }) =>
    commit(async (tx) => {
      const locked = await lockHold(tx, holdId);
      if (!locked) return errors.HOLD_NOT_FOUND(noSuchHold(holdId));
      const made = await refundOnce(tx, locked, terms, platform.now().toISOString());
      if ('code' in made) return refundProblem(errors, made);
      const owners = { fromOwnerId: null, toOwnerId: made.hold.ownerId };
      return { hold: holdAnswer(made.hold), transfer: transferAnswer(made.transfer, owners) };
    });

/**
 * Refunds a locked hold unless a refund with this reference was made already: then that one is the answer, whether it was asked for over
 * HTTP or by an event of orders.
 */
export const refundOnce = async (
  tx: WalletTransaction,
  { hold, account }: { hold: Hold; account: Account },
  { amount, reason, reference }: RefundTerms,
  at: string,
): Promise<{ hold: Hold; transfer: Transfer } | RefundFailure> => {
  const made = await findRefund(tx, hold.id, reference);
  if (made) {
    const same = made.amount === amount.amount && made.currency === amount.currency;
    if (same) return { hold, transfer: made };
    return { code: 'REFERENCE_USED', reference, amount: { amount: made.amount, currency: made.currency } };
  }
  const outcome = refund(openBook([account]), hold, { transferId: newId('trf'), amount, reason, reference, at });
  if (outcome.refused) return outcome.refused;
  await writeBook(tx, outcome.done.book);
  announceRefund(tx, outcome.done.hold, outcome.done.transfer);
  return outcome.done;
};

type RefundErrors = FailureConstructors<Wallet['operations']['refundCapture']['errors']>;

const refundProblem = (errors: RefundErrors, refusal: RefundFailure): Problem => {
  switch (refusal.code) {
    case 'REFUND_EXCEEDS_CAPTURE': {
      const { refundable, requested } = refusal;
      const detail = `${inWords(requested)} were asked for, and ${inWords(refundable)} of what was captured can still be refunded.`;
      return errors.REFUND_EXCEEDS_CAPTURE(detail, { refundable, requested });
    }
    case 'CURRENCY_MISMATCH': {
      const { expected, given } = refusal;
      return errors.CURRENCY_MISMATCH(`The payment was in ${expected}, the amount is in ${given}. Use ${expected}.`, {
        expected,
        given,
      });
    }
    case 'REFERENCE_USED': {
      const { reference, amount } = refusal;
      const detail = `A refund of ${inWords(amount)} was made with the reference ${reference} already. Use another reference for another refund.`;
      return errors.REFERENCE_USED(detail, { reference, amount });
    }
    case 'LIMIT_EXCEEDED':
      return limitProblem(errors, refusal);
  }
};
