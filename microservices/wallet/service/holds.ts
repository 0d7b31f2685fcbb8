import type { InputOf, PayloadOf } from '../../chassis/contract/index.ts';
import { command, remember, type Remembered } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import { openBook, type Hold } from '../policy/book.ts';
import { authorize, capture, newHold, release } from '../policy/holds.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import type { SpendRefusal } from '../policy/spending.ts';
import { findSameHold } from '../store/holds.ts';
import { lockForHold, lockHold } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';
import { announceHeld, announceSettled } from './announce.ts';
import type { Admit } from './ledger.ts';
import { admitting, type LookedUp } from './owners.ts';
import { captureProblem, illegalHold, noHold, spendProblem } from './refusals.ts';
import { holdResponse } from './responses.ts';

type HoldInput = InputOf<typeof walletContract, 'authorizeHold'>;
type HoldRefusal = SpendRefusal | OwnerRefusal | { code: 'REFERENCE_CLOSED' };

export const holdHandlers = (context: Context): Pick<Handlers, 'authorizeHold' | 'captureHold' | 'voidHold'> => ({
  authorizeHold: command({
    commit: async (tx, input, { errors }, lookedUp?: LookedUp) => {
      const made = await tryHold(tx, input, context.now().toISOString(), admitting(context, lookedUp));
      return 'id' in made ? holdResponse(made) : refuseHold(tx, input, made, errors);
    },
  }),

  captureHold: command(async (tx, { holdId, amount, final }, { errors }) => {
    const locked = await lockHold(tx, holdId);
    if (!locked) return remember(noHold(holdId, errors));
    const at = context.now().toISOString();
    const outcome = capture(openBook([locked.account]), locked.hold, { transferId: newId('trf'), amount, final, at });
    if (outcome.refused) return remember(captureProblem(errors, outcome.refused));
    await writeBook(tx, outcome.done.book);
    announceSettled(tx, outcome.done, 'captured');
    return holdResponse(outcome.done.hold);
  }),

  voidHold: command(async (tx, { holdId }, { errors }) => {
    const locked = await lockHold(tx, holdId);
    if (!locked) return remember(noHold(holdId, errors));
    const outcome = release(openBook([locked.account]), locked.hold, 'void');
    if (outcome.refused) return remember(illegalHold(errors, outcome.refused));
    await writeBook(tx, outcome.done.book);
    announceSettled(tx, outcome.done, 'voided');
    return holdResponse(outcome.done.hold);
  }),
});

/**
 * Holds the money, or returns why not. A repeat for the same owner, reference and amount returns the first hold. An
 * owner without an account is refused like one with nothing on it.
 */
const tryHold = async (tx: Tx, input: HoldInput, at: string, admit: Admit): Promise<Hold | HoldRefusal> => {
  const { ownerId, amount, reference, expiresInSeconds } = input;
  const locked = await lockForHold(tx, { ownerId, currency: amount.currency }, reference, at);
  if (!locked) {
    const unfit = await admit(tx, [ownerId], at);
    if (unfit) return unfit;
    const nothing = { amount: 0, currency: amount.currency };
    return { code: 'INSUFFICIENT_FUNDS', ownerId, available: nothing, requested: amount };
  }
  if (locked.closed) return { code: 'REFERENCE_CLOSED' };
  const wanted = { ownerId, currency: amount.currency, amount: amount.amount, reference };
  const earlier = locked.repeated && (await findSameHold(tx, wanted, at));
  if (earlier) return earlier;
  const hold = newHold(locked.account, { id: newId('hld'), amount: amount.amount, reference, expiresInSeconds, at });
  const outcome = authorize(openBook([locked.account]), hold);
  if (outcome.refused) return outcome.refused;
  await writeBook(tx, outcome.done);
  announceHeld(tx, hold);
  return hold;
};

/** Announces the refusal, so that journeys can act on it. */
const refuseHold = (
  tx: Tx,
  { ownerId, reference, amount }: HoldInput,
  refusal: HoldRefusal,
  errors: Failures<'authorizeHold'>,
): Remembered => {
  tx.append('payment.failed', reference, { ownerId, reference, amount, reason: REASON[refusal.code] });
  if (refusal.code !== 'REFERENCE_CLOSED') return remember(spendProblem(errors, refusal));
  const detail = `${reference} was cancelled or rejected, so nothing can be paid for it any more. Place a new order.`;
  return remember(errors.REFERENCE_CLOSED(detail, { reference }));
};

const REASON: Record<HoldRefusal['code'], PayloadOf<typeof walletContract, 'payment.failed'>['reason']> = {
  INSUFFICIENT_FUNDS: 'insufficient_funds',
  ACCOUNT_FROZEN: 'account_frozen',
  LIMIT_EXCEEDED: 'limit_exceeded',
  REFERENCE_CLOSED: 'reference_closed',
  OWNER_NOT_FOUND: 'owner_not_found',
  OWNER_ENDED: 'owner_ended',
};
