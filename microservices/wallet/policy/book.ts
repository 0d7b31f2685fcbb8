import type { z } from 'zod';
import type { systemAccount } from '../contract/values.ts';

/** Minor units an account can hold at most: what a JSON number carries exactly. */
export const MAX_BALANCE = Number.MAX_SAFE_INTEGER;

export interface Limits {
  perTransfer: number | null;
  perDay: number | null;
  maxBalance: number | null;
}

/** An owner's account in one currency; amounts are minor units. */
export interface Account {
  id: string;
  ownerId: string;
  currency: string;
  balance: number;
  held: number;
  /** The part of the balance that is granted credit, not spent yet. Never more than the balance. */
  credit: number;
  /** Number of entries so far, and the sequence of the last one. */
  entries: number;
  /** As read; the write checks that it is still the same. */
  version: number;
  frozen: boolean;
  freezeReason: string | null;
  limits: Limits;
  /** The UTC day (2026-11-23) that `spent` belongs to. */
  spentOn: string | null;
  spent: number;
  openedAt: string;
  /** Set when the owner, a customer, was merged into another or erased. */
  ended: 'merged' | 'erased' | null;
  /** The customer that a merged owner went into. */
  survivorId: string | null;
}

export type HoldState = 'authorized' | 'partially_captured' | 'captured' | 'voided' | 'expired';

export interface Hold {
  id: string;
  accountId: string;
  ownerId: string;
  currency: string;
  amount: number;
  captured: number;
  refunded: number;
  /** Granted credit that its captures took and no refund has given back. */
  creditUsed: number;
  state: HoldState;
  reference: string;
  countedOn: string;
  createdAt: string;
  expiresAt: string;
}

export type TransferKind =
  'top_up' | 'payout' | 'transfer' | 'capture' | 'refund' | 'write_off' | 'credit' | 'credit_expired' | 'clearing';

/** One movement of money from the debited to the credited account. Never changed once posted. */
export interface Transfer {
  id: string;
  /** Shared by transfers posted together; null for one alone. */
  linkedId: string | null;
  kind: TransferKind;
  currency: string;
  amount: number;
  debitAccount: string;
  creditAccount: string;
  holdId: string | null;
  reference: string;
  reason: string | null;
  at: string;
}

/** One side of a transfer. The platform's own books keep no running balance. */
export interface Entry {
  transferId: string;
  side: 'debit' | 'credit';
  accountId: string;
  currency: string;
  amount: number;
  sequence: number | null;
  balanceAfter: number | null;
}

/**
 * The part of the ledger that a command has locked, and what the command writes into it. Decisions take a book and
 * return a new one; the store writes the difference in one statement.
 */
export interface Book {
  /** As they were read. */
  before: ReadonlyMap<string, Account>;
  accounts: ReadonlyMap<string, Account>;
  /** Only those that are new or changed. */
  holds: ReadonlyMap<string, Hold>;
  transfers: readonly Transfer[];
  entries: readonly Entry[];
}

/** The result of a decision: the value, or why not. */
export type Outcome<Value, Refusal> = { done: Value; refused?: never } | { done?: never; refused: Refusal };

export const openBook = (accounts: readonly Account[]): Book => {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return { before: byId, accounts: byId, holds: new Map(), transfers: [], entries: [] };
};

/** The other side of what owners do; see the migration for why these have no row. */
export type SystemAccount = z.infer<typeof systemAccount>;
export const systemAccountId = (name: SystemAccount, currency: string): string => `${name}:${currency}`;

export const available = (account: Account): number => account.balance - account.held;

/**
 * What may leave by a transfer or payout: neither held money nor granted credit, and what is held takes credit first.
 */
export const withdrawable = (account: Account): number => account.balance - Math.max(account.held, account.credit);

/** The account with this id. Throws when the command did not lock it: that is a defect, never bad input. */
export const accountOf = (book: Book, id: string): Account => {
  const account = book.accounts.get(id);
  if (!account) throw new Error(`Account ${id} was not read before deciding about it`);
  return account;
};

export const withAccount = (book: Book, account: Account): Book => ({
  ...book,
  accounts: new Map(book.accounts).set(account.id, account),
});

export const withHold = (book: Book, hold: Hold): Book => ({ ...book, holds: new Map(book.holds).set(hold.id, hold) });

/** Accounts that the book changes. */
export const changedAccounts = (book: Book): Account[] =>
  [...book.accounts.values()].filter((account) => book.before.get(account.id) !== account);

/**
 * Posts a transfer: its two entries, and the balances of those sides that belong to owners. That it may be posted was
 * decided before.
 */
export const enter = (book: Book, transfer: Transfer): Book => {
  const debited = enterSide(book, transfer, 'debit');
  const both = enterSide(debited, transfer, 'credit');
  return { ...both, transfers: [...both.transfers, transfer] };
};

/** Payments spend granted credit first. */
const creditAfter = ({ credit }: Account, { kind, amount }: Transfer): number => {
  switch (kind) {
    case 'credit':
      return credit + amount;
    case 'credit_expired':
      return credit - amount;
    case 'capture':
      return Math.max(0, credit - amount);
    default:
      return credit;
  }
};

const enterSide = (book: Book, transfer: Transfer, side: Entry['side']): Book => {
  const accountId = side === 'debit' ? transfer.debitAccount : transfer.creditAccount;
  const entry = { transferId: transfer.id, side, accountId, currency: transfer.currency, amount: transfer.amount };
  const account = book.accounts.get(accountId);
  if (!account) return { ...book, entries: [...book.entries, { ...entry, sequence: null, balanceAfter: null }] };
  const balance = account.balance + (side === 'credit' ? transfer.amount : -transfer.amount);
  const entries = account.entries + 1;
  return {
    ...withAccount(book, { ...account, balance, entries, credit: creditAfter(account, transfer) }),
    entries: [...book.entries, { ...entry, sequence: entries, balanceAfter: balance }],
  };
};
