import type { Money } from '../../chassis/contract/index.ts';
import { inWords } from '../../chassis/money.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { Failures } from '../context.ts';
import type { spendFailures } from '../contract/values.ts';
import type { CaptureRefusal, CurrencyMismatch, IllegalState, RefundRefusal } from '../policy/holds.ts';
import type { LimitRefusal, SpendRefusal } from '../policy/spending.ts';

// Decisions of the policy as problems for people: what is wrong, and what to do.

/** Another transfer of this kind has the reference. */
export interface ReferenceUsed {
  code: 'REFERENCE_USED';
  what: 'top-up' | 'payout' | 'refund';
  reference: string;
  /** Of the first one. */
  amount: Money;
}

export type RefundFailure = RefundRefusal | ReferenceUsed;

export const noHold = (holdId: string, errors: Failures<'getHold'>): Problem =>
  errors.HOLD_NOT_FOUND(`There is no hold ${holdId}. List the holds of the owner to find the right id.`);

const referenceUsed = (
  errors: Pick<Failures<'topUp'>, 'REFERENCE_USED'>,
  { what, reference, amount }: ReferenceUsed,
): Problem => {
  const detail = `A ${what} of ${inWords(amount)} was made with the reference ${reference} already. Use another reference for another ${what}.`;
  return errors.REFERENCE_USED(detail, { reference, amount });
};

export const topUpProblem = (errors: Failures<'topUp'>, refusal: LimitRefusal | ReferenceUsed): Problem =>
  refusal.code === 'REFERENCE_USED' ? referenceUsed(errors, refusal) : limitProblem(errors, refusal);

export const payOutProblem = (errors: Failures<'payOut'>, refusal: SpendRefusal | ReferenceUsed): Problem =>
  refusal.code === 'REFERENCE_USED' ? referenceUsed(errors, refusal) : spendProblem(errors, refusal);

const limitProblem = (
  errors: Pick<Failures<'topUp'>, 'LIMIT_EXCEEDED'>,
  { ownerId, limit, allowed, requested }: LimitRefusal,
): Problem => {
  const rule = {
    perTransfer: `at most ${inWords(allowed)} may leave the account of ${ownerId} at once`,
    perDay: `only ${inWords(allowed)} more may leave the account of ${ownerId} today (UTC)`,
    maxBalance: `the account of ${ownerId} can take only ${inWords(allowed)} more`,
  }[limit];
  const detail = `${inWords(requested)} were asked for, but ${rule}. Use a smaller amount, or change the limit ${limit} of the account.`;
  return errors.LIMIT_EXCEEDED(detail, { ownerId, limit, allowed, requested });
};

/** `which` names the transfer when there are several. */
export const spendProblem = (
  errors: FailureConstructors<typeof spendFailures>,
  refusal: SpendRefusal,
  which = '',
): Problem => {
  switch (refusal.code) {
    case 'INSUFFICIENT_FUNDS': {
      const { ownerId, available, requested } = refusal;
      const detail = `${which}${ownerId} has ${inWords(available)} available, and ${inWords(requested)} were asked for. Top up the wallet or use a smaller amount.`;
      return errors.INSUFFICIENT_FUNDS(detail, { ownerId, available, requested });
    }
    case 'ACCOUNT_FROZEN': {
      const { accountId, ownerId, currency } = refusal;
      const detail = `${which}The ${currency} account of ${ownerId} is frozen: nothing may leave it. Unfreeze account ${accountId} first.`;
      return errors.ACCOUNT_FROZEN(detail, { accountId, ownerId, currency });
    }
    case 'LIMIT_EXCEEDED':
      return limitProblem(errors, refusal);
  }
};

export const illegalHold = (errors: Pick<Failures<'voidHold'>, 'ILLEGAL_STATE'>, refusal: IllegalState): Problem => {
  const { holdId, state, allowed } = refusal;
  const possible = allowed.length > 0 ? `Possible now: ${allowed.join(', ')}.` : 'Nothing changes it any more.';
  return errors.ILLEGAL_STATE(`Hold ${holdId} is ${state.replace('_', ' ')}. ${possible}`, { holdId, state, allowed });
};

export const captureProblem = (errors: Failures<'captureHold'>, refusal: CaptureRefusal): Problem => {
  switch (refusal.code) {
    case 'ILLEGAL_STATE':
      return illegalHold(errors, refusal);
    case 'HOLD_EXPIRED': {
      const { holdId, expiresAt } = refusal;
      return errors.HOLD_EXPIRED(`Hold ${holdId} expired at ${expiresAt}. Authorize a new one.`, { holdId, expiresAt });
    }
    case 'CAPTURE_EXCEEDS_HOLD': {
      const { remaining, requested } = refusal;
      const detail = `${inWords(requested)} were asked for, and ${inWords(remaining)} are left of the hold. Capture that much or less.`;
      return errors.CAPTURE_EXCEEDS_HOLD(detail, { remaining, requested });
    }
    case 'CURRENCY_MISMATCH':
      return errors.CURRENCY_MISMATCH(...mismatch('The hold is', refusal));
  }
};

export const refundProblem = (errors: Failures<'refundCapture'>, refusal: RefundFailure): Problem => {
  switch (refusal.code) {
    case 'REFUND_EXCEEDS_CAPTURE': {
      const { refundable, requested } = refusal;
      const detail = `${inWords(requested)} were asked for, and ${inWords(refundable)} of what was captured can still be refunded.`;
      return errors.REFUND_EXCEEDS_CAPTURE(detail, { refundable, requested });
    }
    case 'CURRENCY_MISMATCH':
      return errors.CURRENCY_MISMATCH(...mismatch('The payment was', refusal));
    case 'REFERENCE_USED':
      return referenceUsed(errors, refusal);
    case 'LIMIT_EXCEEDED':
      return limitProblem(errors, refusal);
  }
};

const mismatch = (
  known: string,
  { expected, given }: CurrencyMismatch,
): [string, { expected: string; given: string }] => [
  `${known} in ${expected}, the amount is in ${given}. Use ${expected}.`,
  { expected, given },
];
