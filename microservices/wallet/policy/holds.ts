import type { Money } from '../../chassis/contract/index.ts';
import { after } from '../../chassis/state-machine.ts';
import {
  accountOf,
  enter,
  systemAccountId,
  withAccount,
  withHold,
  type Book,
  type Hold,
  type HoldState,
  type Outcome,
  type Transfer,
} from './book.ts';
import { allowedActions, holdStates, isOpen, type HoldMove } from './states.ts';
import {
  countReleased,
  countSpent,
  dayOf,
  refuseRefundReceipt,
  refuseSpend,
  type LimitRefusal,
  type SpendRefusal,
} from './spending.ts';

export interface IllegalState {
  code: 'ILLEGAL_STATE';
  holdId: string;
  state: HoldState;
  allowed: string[];
}
export interface CurrencyMismatch {
  code: 'CURRENCY_MISMATCH';
  expected: string;
  given: string;
}
export type CaptureRefusal =
  | IllegalState
  | CurrencyMismatch
  | { code: 'HOLD_EXPIRED'; holdId: string; expiresAt: string }
  | { code: 'CAPTURE_EXCEEDS_HOLD'; remaining: Money; requested: Money };
export type RefundRefusal =
  CurrencyMismatch | LimitRefusal | { code: 'REFUND_EXCEEDS_CAPTURE'; refundable: Money; requested: Money };

export const remainingOf = (hold: Hold): number => (isOpen(hold.state) ? hold.amount - hold.captured : 0);
export const refundableOf = (hold: Hold): number => hold.captured - hold.refunded;

/** The effect of a capture or release. */
export interface Settled {
  book: Book;
  hold: Hold;
  /** The capture's transfer; absent when nothing was taken. */
  transfer?: Transfer;
  /** Minor units that are available again. */
  released: number;
}

/** Holds money: available falls, the balance stays. */
export const authorize = (book: Book, hold: Hold): Outcome<Book, SpendRefusal> => {
  const account = accountOf(book, hold.accountId);
  const refused = refuseSpend(account, hold.amount, hold.countedOn, 'hold');
  if (refused) return { refused };
  const counted = countSpent(account, hold.amount, hold.countedOn);
  return { done: withHold(withAccount(book, { ...counted, held: counted.held + hold.amount }), hold) };
};

export interface Capture {
  transferId: string;
  /** Everything that is left when absent. */
  amount?: Money | undefined;
  final: boolean;
  at: string;
}

/**
 * Takes held money into sales. The last capture releases the rest. A hold ends at its expiry, even before the job has
 * released it.
 */
export const capture = (
  book: Book,
  hold: Hold,
  { transferId, amount, final, at }: Capture,
): Outcome<Settled, CaptureRefusal> => {
  if (!isOpen(hold.state)) return { refused: illegal(hold) };
  if (Date.parse(at) >= Date.parse(hold.expiresAt))
    return { refused: { code: 'HOLD_EXPIRED', holdId: hold.id, expiresAt: hold.expiresAt } };
  const remaining = remainingOf(hold);
  const taken = amount ?? { amount: remaining, currency: hold.currency };
  if (taken.currency !== hold.currency) return { refused: mismatch(hold, taken) };
  if (taken.amount > remaining) {
    return {
      refused: {
        code: 'CAPTURE_EXCEEDS_HOLD',
        remaining: { amount: remaining, currency: hold.currency },
        requested: taken,
      },
    };
  }
  const last = final || taken.amount === remaining;
  const transfer = transferOf(hold, {
    id: transferId,
    kind: 'capture',
    amount: taken.amount,
    reference: hold.reference,
    reason: null,
    at,
  });
  // Payments spend granted credit first, as enter() counts it.
  const credit = Math.min(taken.amount, accountOf(book, hold.accountId).credit);
  const settled = settle(
    book,
    { ...hold, captured: hold.captured + taken.amount, creditUsed: hold.creditUsed + credit },
    last ? 'capture_last' : 'capture_part',
    taken.amount,
  );
  return settled.refused ? settled : { done: { ...settled.done, book: enter(settled.done.book, transfer), transfer } };
};

/** Makes the rest of a hold available again. */
export const release = (book: Book, hold: Hold, move: 'void' | 'expire'): Outcome<Settled, IllegalState> =>
  settle(book, hold, move, 0);

/**
 * Moves the hold to its next state and takes from the account's held money what was captured and, when the hold closes,
 * the rest.
 */
const settle = (book: Book, hold: Hold, move: HoldMove, taken: number): Outcome<Settled, IllegalState> => {
  const state = after(holdStates, hold.state, move);
  if (!state) return { refused: illegal(hold) };
  const moved = { ...hold, state };
  const released = isOpen(hold.state) && !isOpen(state) ? hold.amount - hold.captured : 0;
  if (state === hold.state && taken === 0) return { done: { book, hold, released: 0 } };
  const account = countReleased(accountOf(book, hold.accountId), released, hold.countedOn);
  const changed = withAccount(book, { ...account, held: account.held - taken - released });
  return { done: { book: withHold(changed, moved), hold: moved, released } };
};

export interface Refund {
  transferId: string;
  amount: Money;
  reference: string;
  reason: string | null;
  at: string;
}

/** Gives captured money back, and first as the credit that it was. */
export const refund = (
  book: Book,
  hold: Hold,
  { transferId, amount, reference, reason, at }: Refund,
): Outcome<{ book: Book; hold: Hold; transfer: Transfer }, RefundRefusal> => {
  if (amount.currency !== hold.currency) return { refused: mismatch(hold, amount) };
  const refundable = refundableOf(hold);
  if (amount.amount > refundable) {
    return {
      refused: {
        code: 'REFUND_EXCEEDS_CAPTURE',
        refundable: { amount: refundable, currency: hold.currency },
        requested: amount,
      },
    };
  }
  const refused = refuseRefundReceipt(accountOf(book, hold.accountId), amount.amount);
  if (refused) return { refused };
  const transfer = transferOf(hold, { id: transferId, kind: 'refund', amount: amount.amount, reference, reason, at });
  const credit = Math.min(amount.amount, hold.creditUsed);
  const moved = { ...hold, refunded: hold.refunded + amount.amount, creditUsed: hold.creditUsed - credit };
  const entered = enter(book, transfer);
  const account = accountOf(entered, hold.accountId);
  const after = credit > 0 ? withAccount(entered, { ...account, credit: account.credit + credit }) : entered;
  return { done: { book: withHold(after, moved), hold: moved, transfer } };
};

const transferOf = (
  hold: Hold,
  fields: Pick<Transfer, 'id' | 'amount' | 'reference' | 'reason' | 'at'> & { kind: 'capture' | 'refund' },
): Transfer => ({
  ...fields,
  linkedId: null,
  currency: hold.currency,
  holdId: hold.id,
  debitAccount: fields.kind === 'capture' ? hold.accountId : systemAccountId('refunds', hold.currency),
  creditAccount: fields.kind === 'capture' ? systemAccountId('sales', hold.currency) : hold.accountId,
});

const illegal = (hold: Hold): IllegalState => ({
  code: 'ILLEGAL_STATE',
  holdId: hold.id,
  state: hold.state,
  allowed: allowedActions(hold.state, refundableOf(hold)),
});

const mismatch = (hold: Hold, given: Money): CurrencyMismatch => ({
  code: 'CURRENCY_MISMATCH',
  expected: hold.currency,
  given: given.currency,
});

/** A new hold, authorized at `at`. */
export const newHold = (
  account: { id: string; ownerId: string; currency: string },
  fields: { id: string; amount: number; reference: string; expiresInSeconds: number; at: string },
): Hold => ({
  id: fields.id,
  accountId: account.id,
  ownerId: account.ownerId,
  currency: account.currency,
  amount: fields.amount,
  captured: 0,
  refunded: 0,
  creditUsed: 0,
  state: 'authorized',
  reference: fields.reference,
  countedOn: dayOf(fields.at),
  createdAt: fields.at,
  expiresAt: new Date(Date.parse(fields.at) + fields.expiresInSeconds * 1_000).toISOString(),
});
