import type { Money } from '../../chassis/contract/index.ts';
import { inWords } from '../../chassis/money.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { Failures } from '../context.ts';
import type { ownerFailures } from '../contract/owners.ts';
import type { spendFailures } from '../contract/values.ts';
import type { CaptureRefusal, CurrencyMismatch, IllegalState, RefundRefusal } from '../policy/holds.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import type { InsufficientFunds, LimitRefusal, ReceiptRefusal, SpendRefusal } from '../policy/spending.ts';
import type { WriteOffRefusal } from '../policy/transfers.ts';

// Decisions of the policy as problems for people: what is wrong, and what to do.

/** Another transfer of this kind has the reference. */
export interface ReferenceUsed {
  code: 'REFERENCE_USED';
  what: 'top-up' | 'payout' | 'refund' | 'write-off' | 'credit';
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

export const topUpProblem = (
  errors: Failures<'topUp'>,
  refusal: ReceiptRefusal | OwnerRefusal | ReferenceUsed,
): Problem => {
  if (refusal.code === 'REFERENCE_USED') return referenceUsed(errors, refusal);
  return refusal.code === 'LIMIT_EXCEEDED' ? limitProblem(errors, refusal) : ownerProblem(errors, refusal);
};

export const payOutProblem = (
  errors: Failures<'payOut'>,
  refusal: SpendRefusal | OwnerRefusal | ReferenceUsed,
): Problem => (refusal.code === 'REFERENCE_USED' ? referenceUsed(errors, refusal) : spendProblem(errors, refusal));

export const writeOffProblem = (
  errors: Failures<'writeOff'>,
  refusal: WriteOffRefusal | OwnerRefusal | ReferenceUsed,
): Problem => {
  switch (refusal.code) {
    case 'REFERENCE_USED':
      return referenceUsed(errors, refusal);
    case 'INSUFFICIENT_FUNDS':
      return fundsProblem(errors, refusal);
    case 'OWNER_NOT_FOUND':
      return noOwner(errors, refusal.ownerId);
    default: {
      const { ownerId } = refusal;
      const detail = `${ownerId} is not an erased customer, and only what those left is written off. Pay out or transfer the money instead.`;
      return errors.OWNER_NOT_ERASED(detail, { ownerId });
    }
  }
};

const noOwner = (
  errors: Pick<FailureConstructors<typeof ownerFailures>, 'OWNER_NOT_FOUND'>,
  ownerId: string,
  which = '',
): Problem =>
  errors.OWNER_NOT_FOUND(`${which}There is no customer ${ownerId}. List the customers to find the right id.`, {
    ownerId,
  });

/** `which` names the transfer when there are several. */
export const ownerProblem = (
  errors: FailureConstructors<typeof ownerFailures>,
  refusal: OwnerRefusal,
  which = '',
): Problem => {
  if (refusal.code === 'OWNER_NOT_FOUND') return noOwner(errors, refusal.ownerId, which);
  const { ownerId, state, survivorId } = refusal;
  const detail =
    state === 'merged'
      ? `${ownerId} was merged into ${survivorId ?? 'another customer'}. Use ${survivorId ?? 'that one'} instead.`
      : `${ownerId} was erased: nobody owns this wallet any more. What is left on it can only be paid out or written off.`;
  return errors.OWNER_ENDED(`${which}${detail}`, { ownerId, state, survivorId });
};

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
  errors: FailureConstructors<typeof spendFailures & typeof ownerFailures>,
  refusal: SpendRefusal | OwnerRefusal,
  which = '',
): Problem => {
  switch (refusal.code) {
    case 'OWNER_NOT_FOUND':
    case 'OWNER_ENDED':
      return ownerProblem(errors, refusal, which);
    case 'INSUFFICIENT_FUNDS':
      return fundsProblem(errors, refusal, which);
    case 'ACCOUNT_FROZEN': {
      const { accountId, ownerId, currency } = refusal;
      const detail = `${which}The ${currency} account of ${ownerId} is frozen: nothing may leave it. Unfreeze account ${accountId} first.`;
      return errors.ACCOUNT_FROZEN(detail, { accountId, ownerId, currency });
    }
    case 'LIMIT_EXCEEDED':
      return limitProblem(errors, refusal);
  }
};

const fundsProblem = (
  errors: Pick<FailureConstructors<typeof spendFailures>, 'INSUFFICIENT_FUNDS'>,
  { ownerId, available, requested, credit }: InsufficientFunds,
  which = '',
): Problem => {
  const besides =
    credit && credit.amount > 0 ? ` besides ${inWords(credit)} of credit, which only pays for orders` : '';
  const detail = `${which}${ownerId} has ${inWords(available)} available${besides}, and ${inWords(requested)} were asked for. Top up the wallet or use a smaller amount.`;
  return errors.INSUFFICIENT_FUNDS(detail, { ownerId, available, requested });
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
