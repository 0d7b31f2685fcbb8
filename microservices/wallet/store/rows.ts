import type { Account, Hold, HoldState, Transfer, TransferKind } from '../policy/book.ts';

export interface AccountRow {
  id: string;
  owner_id: string;
  currency: string;
  balance: number;
  held: number;
  entries: number;
  version: number;
  frozen: boolean;
  freeze_reason: string | null;
  limit_per_transfer: number | null;
  limit_per_day: number | null;
  limit_balance: number | null;
  spent_on: string | null;
  spent: number;
  opened_at: string;
}

export const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  ownerId: row.owner_id,
  currency: row.currency,
  balance: row.balance,
  held: row.held,
  entries: row.entries,
  version: row.version,
  frozen: row.frozen,
  freezeReason: row.freeze_reason,
  limits: { perTransfer: row.limit_per_transfer, perDay: row.limit_per_day, maxBalance: row.limit_balance },
  spentOn: row.spent_on,
  spent: row.spent,
  openedAt: row.opened_at,
});

export interface HoldRow {
  id: string;
  account_id: string;
  owner_id: string;
  currency: string;
  amount: number;
  captured: number;
  refunded: number;
  state: HoldState;
  reference: string;
  counted_on: string;
  created_at: string;
  expires_at: string;
}

export const toHold = (row: HoldRow): Hold => ({
  id: row.id,
  accountId: row.account_id,
  ownerId: row.owner_id,
  currency: row.currency,
  amount: row.amount,
  captured: row.captured,
  refunded: row.refunded,
  state: row.state,
  reference: row.reference,
  countedOn: row.counted_on,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

export interface TransferRow {
  id: string;
  linked_id: string | null;
  kind: TransferKind;
  currency: string;
  amount: number;
  debit_account: string;
  credit_account: string;
  hold_id: string | null;
  reference: string;
  reason: string | null;
  at: string;
}

export const toTransfer = (row: TransferRow): Transfer => ({
  id: row.id,
  linkedId: row.linked_id,
  kind: row.kind,
  currency: row.currency,
  amount: row.amount,
  debitAccount: row.debit_account,
  creditAccount: row.credit_account,
  holdId: row.hold_id,
  reference: row.reference,
  reason: row.reason,
  at: row.at,
});
