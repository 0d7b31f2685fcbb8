import type { z } from 'zod';
import type { Money } from '../../chassis/contract/index.ts';
import type * as values from '../contract/values.ts';
import { available, type Account, type Hold, type Transfer } from '../policy/book.ts';
import { stateOfGrant, type Grant } from '../policy/credit.ts';

/** Values of the domain in the form of the contract. */
export const balanceResponse = (account: Account): z.input<typeof values.balance> => ({
  currency: account.currency,
  balance: account.balance,
  held: account.held,
  available: available(account),
  credit: account.credit,
});

export const accountResponse = (account: Account): z.input<typeof values.account> => ({
  id: account.id,
  ownerId: account.ownerId,
  ...balanceResponse(account),
  frozen: account.frozen,
  freezeReason: account.freezeReason,
  limits: account.limits,
  openedAt: account.openedAt,
});

export const creditResponse = (grant: Grant): z.input<typeof values.credit> => {
  const money = (amount: number): Money => ({ amount, currency: grant.currency });
  const { id, ownerId, accountId, transferId, reference, reason, grantedAt, expiresAt } = grant;
  return {
    ...{ id, ownerId, accountId, transferId, reference, reason, grantedAt, expiresAt },
    amount: money(grant.amount),
    remaining: money(grant.remaining),
    takenBack: money(grant.takenBack),
    state: stateOfGrant(grant),
  };
};

export const holdResponse = (hold: Hold): z.input<typeof values.hold> => {
  const money = (amount: number): Money => ({ amount, currency: hold.currency });
  return {
    id: hold.id,
    ownerId: hold.ownerId,
    accountId: hold.accountId,
    amount: money(hold.amount),
    captured: money(hold.captured),
    refunded: money(hold.refunded),
    state: hold.state,
    reference: hold.reference,
    expiresAt: hold.expiresAt,
    createdAt: hold.createdAt,
  };
};

/** `owners` are those of the two sides; null stands for the platform's own books. */
export const transferResponse = (
  transfer: Transfer,
  owners: { fromOwnerId: string | null; toOwnerId: string | null },
): z.input<typeof values.transfer> => ({
  id: transfer.id,
  kind: transfer.kind,
  amount: { amount: transfer.amount, currency: transfer.currency },
  fromOwnerId: owners.fromOwnerId,
  toOwnerId: owners.toOwnerId,
  linkedId: transfer.linkedId ?? transfer.id,
  holdId: transfer.holdId,
  reference: transfer.reference,
  reason: transfer.reason,
  at: transfer.at,
});
