import { inWords } from '../../chassis/money.ts';
import type { InputOf, PayloadOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { illegalHoldState } from '../contract/values.ts';
import { openBook, type Account, type Hold } from '../policy/book.ts';
import { authorize, capture, newHold, release, type CaptureRefusal, type IllegalState } from '../policy/holds.ts';
import type { SpendRefusal } from '../policy/spending.ts';
import { lockForHold, lockHold } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';
import { holdAnswer } from './answers.ts';
import { announceHeld, announceSettled } from './announce.ts';
import type { Wallet, WalletHandler, WalletTransaction } from './ledger.ts';
import { spendProblem } from './refusals.ts';

type HoldInput = InputOf<Wallet, 'authorizeHold'>;
type HoldRefusal = SpendRefusal | { code: 'REFERENCE_CLOSED' };

export const authorizeHold: WalletHandler<'authorizeHold'> =
  (platform) =>
  async (input, { errors, commit }) =>
    commit(async (tx) => {
      const made = await tryHold(tx, input, platform.now().toISOString());
      if ('id' in made) return holdAnswer(made);
      const { ownerId, reference, amount } = input;
      tx.append('payment.failed', reference, { ownerId, reference, amount, reason: REASON[made.code] });
      return made.code === 'REFERENCE_CLOSED'
        ? errors.REFERENCE_CLOSED(
            `${reference} was cancelled or rejected, so that nothing is paid for it any more. Place a new order.`,
            { reference },
          )
        : spendProblem(errors, made);
    });

/** Holds the money, or says why not. An owner without an account is one with nothing on it. */
const tryHold = async (tx: WalletTransaction, input: HoldInput, at: string): Promise<Hold | HoldRefusal> => {
  const { ownerId, amount, reference, expiresInSeconds } = input;
  const locked = await lockForHold(tx, { ownerId, currency: amount.currency }, reference, at);
  if (!locked) {
    return {
      code: 'INSUFFICIENT_FUNDS',
      ownerId,
      available: { amount: 0, currency: amount.currency },
      requested: amount,
    };
  }
  if (locked.closed) return { code: 'REFERENCE_CLOSED' };
  const hold = newHold(locked.account, { id: newId('hld'), amount: amount.amount, reference, expiresInSeconds, at });
  const outcome = authorize(openBook([locked.account]), hold);
  if (outcome.refused) return outcome.refused;
  await writeBook(tx, outcome.done);
  announceHeld(tx, hold);
  return hold;
};

const REASON: Record<HoldRefusal['code'], PayloadOf<Wallet, 'payment.failed'>['reason']> = {
  INSUFFICIENT_FUNDS: 'insufficient_funds',
  ACCOUNT_FROZEN: 'account_frozen',
  LIMIT_EXCEEDED: 'limit_exceeded',
  REFERENCE_CLOSED: 'reference_closed',
};

export const captureHold: WalletHandler<'captureHold'> =
  (platform) =>
  async ({ holdId, amount, final }, { errors, commit }) =>
    commit(async (tx) => {
      const locked = await lockHold(tx, holdId);
      if (!locked) return errors.HOLD_NOT_FOUND(noSuchHold(holdId));
      const at = platform.now().toISOString();
      const outcome = capture(openBook([locked.account]), locked.hold, { transferId: newId('trf'), amount, final, at });
      if (outcome.refused) return captureProblem(errors, outcome.refused);
      await writeBook(tx, outcome.done.book);
      announceSettled(tx, outcome.done, 'captured');
      return holdAnswer(outcome.done.hold);
    });

export const voidHold: WalletHandler<'voidHold'> =
  () =>
  async ({ holdId }, { errors, commit }) =>
    commit(async (tx) => {
      const locked = await lockHold(tx, holdId);
      if (!locked) return errors.HOLD_NOT_FOUND(noSuchHold(holdId));
      const outcome = await voidLocked(tx, locked.hold, locked.account);
      return 'code' in outcome ? illegalProblem(errors, outcome) : holdAnswer(outcome);
    });

/** Gives up what is left of a hold that is locked together with its account. */
const voidLocked = async (tx: WalletTransaction, hold: Hold, account: Account): Promise<Hold | IllegalState> => {
  const outcome = release(openBook([account]), hold, 'void');
  if (outcome.refused) return outcome.refused;
  await writeBook(tx, outcome.done.book);
  announceSettled(tx, outcome.done, 'voided');
  return outcome.done.hold;
};

export const noSuchHold = (holdId: string): string =>
  `There is no hold ${holdId}. Check the identifier, or list the holds of the owner.`;

type IllegalErrors = FailureConstructors<{ ILLEGAL_STATE: typeof illegalHoldState }>;

const illegalProblem = (errors: IllegalErrors, { holdId, state, allowed }: IllegalState): Problem => {
  const possible =
    allowed.length > 0 ? `What can be done with it: ${allowed.join(', ')}.` : 'Nothing more can be done with it.';
  return errors.ILLEGAL_STATE(`Hold ${holdId} is ${state.replace('_', ' ')}. ${possible}`, { holdId, state, allowed });
};

type CaptureErrors = FailureConstructors<Wallet['operations']['captureHold']['errors']>;

const captureProblem = (errors: CaptureErrors, refusal: CaptureRefusal): Problem => {
  switch (refusal.code) {
    case 'ILLEGAL_STATE':
      return illegalProblem(errors, refusal);
    case 'HOLD_EXPIRED': {
      const { holdId, expiresAt } = refusal;
      return errors.HOLD_EXPIRED(`Hold ${holdId} ran out at ${expiresAt}. Authorize a new one.`, { holdId, expiresAt });
    }
    case 'CAPTURE_EXCEEDS_HOLD': {
      const { remaining, requested } = refusal;
      const detail = `${inWords(requested)} were asked for, and ${inWords(remaining)} are left of the hold. Capture that much or less.`;
      return errors.CAPTURE_EXCEEDS_HOLD(detail, { remaining, requested });
    }
    case 'CURRENCY_MISMATCH': {
      const { expected, given } = refusal;
      return errors.CURRENCY_MISMATCH(`The hold is in ${expected}, the amount is in ${given}. Use ${expected}.`, {
        expected,
        given,
      });
    }
  }
};
