import type { Money } from '../../chassis/contract/index.ts';
import { available, MAX_BALANCE, withdrawable, type Account } from './book.ts';
import { refuseEnded, type EndedRefusal } from './owners.ts';

/** Why money may not leave or enter an account. */
export type SpendRefusal =
  InsufficientFunds | { code: 'ACCOUNT_FROZEN'; accountId: string; ownerId: string; currency: string } | ReceiptRefusal;

export interface InsufficientFunds {
  code: 'INSUFFICIENT_FUNDS';
  ownerId: string;
  available: Money;
  requested: Money;
  /** Also available, but only for orders. */
  credit?: Money;
}

/** Why money may not enter an account. */
export type ReceiptRefusal = LimitRefusal | EndedRefusal;

export interface LimitRefusal {
  code: 'LIMIT_EXCEEDED';
  ownerId: string;
  limit: 'perTransfer' | 'perDay' | 'maxBalance';
  allowed: Money;
  requested: Money;
}

/** The UTC day of a moment. */
export const dayOf = (at: string): string => at.slice(0, 10);

const spentOn = (account: Account, day: string): number => (account.spentOn === day ? account.spent : 0);

/**
 * Says why `amount` may not leave the account (by a hold, a transfer or a payout) on this day, or undefined when it
 * may. From the account of an erased owner only a payout takes money: it settles what is left.
 */
export const refuseSpend = (
  account: Account,
  amount: number,
  day: string,
  by: 'hold' | 'transfer' | 'payout' = 'transfer',
): SpendRefusal | undefined => {
  const { id: accountId, ownerId, currency, limits } = account;
  const ended = refuseEnded(account);
  if (ended && !(by === 'payout' && ended.state === 'erased')) return ended;
  if (account.frozen) return { code: 'ACCOUNT_FROZEN', accountId, ownerId, currency };
  if (limits.perTransfer !== null && amount > limits.perTransfer) {
    return overLimit(account, 'perTransfer', limits.perTransfer, amount);
  }
  const leftToday = limits.perDay === null ? MAX_BALANCE : Math.max(0, limits.perDay - spentOn(account, day));
  if (amount > leftToday) return overLimit(account, 'perDay', leftToday, amount);
  return refuseMore(account, amount, by === 'hold' ? available(account) : withdrawable(account));
};

/** Refuses more than is free. */
export const refuseMore = (account: Account, amount: number, free: number): InsufficientFunds | undefined => {
  const { ownerId, currency } = account;
  if (amount <= free) return undefined;
  const money = (minor: number): Money => ({ amount: minor, currency });
  const credit = available(account) - free;
  return {
    code: 'INSUFFICIENT_FUNDS',
    ownerId,
    available: money(free),
    requested: money(amount),
    ...(credit > 0 ? { credit: money(credit) } : {}),
  };
};

/** Says why the account may not receive `amount` by a top-up or a transfer, or undefined when it may. */
export const refuseReceipt = (account: Account, amount: number): ReceiptRefusal | undefined =>
  refuseEnded(account) ?? refuseAbove(account, amount, account.limits.maxBalance ?? MAX_BALANCE);

/** A refund gives back what was the owner's: no limit and no end of theirs stops it, only what the ledger can count. */
export const refuseRefundReceipt = (account: Account, amount: number): LimitRefusal | undefined =>
  refuseAbove(account, amount, MAX_BALANCE);

const refuseAbove = (account: Account, amount: number, most: number): LimitRefusal | undefined => {
  const room = Math.max(0, most - account.balance);
  return amount > room ? overLimit(account, 'maxBalance', room, amount) : undefined;
};

const overLimit = (
  { ownerId, currency }: Account,
  limit: LimitRefusal['limit'],
  allowed: number,
  requested: number,
): LimitRefusal => ({
  code: 'LIMIT_EXCEEDED',
  ownerId,
  limit,
  allowed: { amount: allowed, currency },
  requested: { amount: requested, currency },
});

/** The account after `amount` counts as spent on this day. */
export const countSpent = (account: Account, amount: number, day: string): Account => ({
  ...account,
  spentOn: day,
  // Turned over many times a day the count could leave what numbers carry exactly; no limit is that high.
  spent: Math.min(MAX_BALANCE, spentOn(account, day) + amount),
});

/** Counts back what a released hold had counted, if its day is still the one being counted. */
export const countReleased = (account: Account, amount: number, countedOn: string): Account =>
  account.spentOn === countedOn ? { ...account, spent: Math.max(0, account.spent - amount) } : account;
