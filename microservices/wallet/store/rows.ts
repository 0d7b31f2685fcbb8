import { columns } from '../../chassis/database/columns.ts';
import type { Account, Hold, Transfer } from '../policy/book.ts';

const ACCOUNT = [
  'id',
  'ownerId',
  'currency',
  'balance',
  'held',
  'credit',
  'entries',
  'version',
  'frozen',
  'freezeReason',
  'limitPerTransfer',
  'limitPerDay',
  'limitBalance',
  'spentOn',
  'spent',
  'openedAt',
  'ended',
  'survivorId',
];

/** The columns that `toAccount` needs. */
export const accountColumns = (table?: string): string => columns(ACCOUNT, table);

export interface AccountRow extends Omit<Account, 'limits'> {
  limitPerTransfer: number | null;
  limitPerDay: number | null;
  limitBalance: number | null;
}

export const toAccount = ({ limitPerTransfer, limitPerDay, limitBalance, ...row }: AccountRow): Account => ({
  ...row,
  limits: { perTransfer: limitPerTransfer, perDay: limitPerDay, maxBalance: limitBalance },
});

const HOLD = [
  'id',
  'accountId',
  'ownerId',
  'currency',
  'amount',
  'captured',
  'refunded',
  'creditUsed',
  'state',
  'reference',
  'countedOn',
  'createdAt',
  'expiresAt',
] satisfies (keyof Hold)[];

/** The columns of a hold, read as a `Hold`. */
export const holdColumns = (table?: string): string => columns(HOLD, table);

const TRANSFER = [
  'id',
  'linkedId',
  'kind',
  'currency',
  'amount',
  'debitAccount',
  'creditAccount',
  'holdId',
  'reference',
  'reason',
  'at',
] satisfies (keyof Transfer)[];

/** The columns of a transfer, read as a `Transfer`. */
export const transferColumns = (table?: string): string => columns(TRANSFER, table);
