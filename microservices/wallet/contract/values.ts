import { z } from 'zod';
import { choices, currency, id, money, positiveMoney, text, timestamp } from '../../chassis/contract/index.ts';
import { ownerId } from './owners.ts';

export const accountId = id('acc');
export const holdId = id('hld');
export const transferId = id('trf');
export const reason = text(200).describe('The reason in a few words; kept with the record, never sent in events');

export const holdState = choices({
  authorized: 'Open: the money is held',
  partially_captured: 'Open: a part is taken, the rest is held',
  captured: 'Closed: taken',
  voided: 'Closed: set free by a request',
  expired: 'Closed: set free because its time ran out',
}).describe(
  'authorized and partially_captured are open: the rest can still be captured. captured is closed: the rest, if any, is available again',
);

export const transferKind = choices({
  top_up: 'Money from outside',
  payout: 'Money to outside',
  transfer: 'From one owner to another',
  capture: 'A payment',
  refund: 'A payment given back',
  write_off: 'What an erased customer left',
  credit: 'Granted by the shop',
  credit_expired: 'Granted credit that was taken back',
  clearing: 'Between the platform’s own accounts',
}).describe('Why the money moved');

/**
 * The platform’s own accounts: the other side of what owners do, and what payments outside of the wallet go through.
 */
export const systemAccount = choices({
  external: 'Money in and out of the platform',
  sales: 'Captured payments',
  refunds: 'Payments given back',
  write_offs: 'What erased customers left',
  credits: 'Granted by the shop, less what expired: its expense',
  card_clearing: 'What payment providers owe the shop',
  cash_clearing: 'Cash that was collected and is not at the bank yet',
  psp_fees: 'Fees of payment providers: an expense',
  chargebacks: 'Payments that banks took back',
  exchange: 'The two sides of payments that are settled in another currency',
}).describe('One of the platform’s own accounts');

export const limits = z
  .object({
    perTransfer: z.int().min(1).nullable().describe('Most that one hold, transfer or payout may take; null: no limit'),
    perDay: z
      .int()
      .min(1)
      .nullable()
      .describe('Most that holds, transfers and payouts may take in one UTC day; null: no limit'),
    maxBalance: z
      .int()
      .min(1)
      .nullable()
      .describe('Most that the account may hold after a top-up or an incoming transfer; null: no limit'),
  })
  .meta({ id: 'WalletLimits', title: 'Wallet limits' });

export const balance = z
  .object({
    currency,
    balance: z.int().describe('Minor units booked on the account'),
    held: z.int().describe('Minor units in open holds'),
    available: z.int().describe('balance − held: what can be spent now; never negative'),
    credit: z.int().describe('The part of the balance that is granted credit: it pays for orders only'),
  })
  .meta({ id: 'WalletBalance', title: 'Wallet balance' });

export const account = z
  .object({
    id: accountId,
    ownerId,
    ...balance.shape,
    frozen: z.boolean().describe('True while nothing may leave the account'),
    freezeReason: z.string().nullable(),
    limits,
    openedAt: timestamp,
  })
  .meta({ id: 'WalletAccount', title: 'Wallet account' });

export const hold = z
  .object({
    id: holdId,
    ownerId,
    accountId,
    amount: positiveMoney.describe('Authorized amount'),
    captured: money.describe('Taken so far; never more than amount'),
    refunded: money.describe('Given back so far; never more than captured'),
    state: holdState,
    reference: z.string().describe('The order’s id, or another id of the thing that is paid for'),
    expiresAt: timestamp.describe('From this moment on it cannot be captured, and the rest is available again'),
    createdAt: timestamp,
  })
  .meta({ id: 'WalletHold', title: 'Hold' });

export const transfer = z
  .object({
    id: transferId,
    kind: transferKind,
    amount: positiveMoney,
    fromOwnerId: z.string().nullable().describe('null when the money comes from the platform’s own books'),
    toOwnerId: z.string().nullable().describe('null when the money goes to the platform’s own books'),
    linkedId: z.string().describe('The same for all transfers that were posted together, all or nothing'),
    holdId: holdId.nullable(),
    reference: z.string(),
    reason: z.string().nullable(),
    at: timestamp,
  })
  .meta({ id: 'WalletTransfer', title: 'Transfer' });

export const receipt = z.object({
  transfer,
  balance: balance.describe('Of the payer after the transfer; of the receiver after a top-up'),
});

export const creditId = id('crd');

export const credit = z
  .object({
    id: creditId,
    ownerId,
    accountId,
    transferId,
    amount: positiveMoney,
    remaining: money.describe('Not spent and not taken back'),
    takenBack: money.describe('Taken back when it expired'),
    state: z.enum(['active', 'spent', 'expired']),
    reference: z.string(),
    reason: z.string().nullable(),
    grantedAt: timestamp,
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'WalletCredit', title: 'Granted credit' });

/** A total over the whole ledger: it may exceed 2^53 minor units, so it travels as digits. */
export const total = z
  .string()
  .regex(/^\d+$/)
  .describe('Minor units as decimal digits: totals can exceed what a JSON number carries exactly');

export const walletNotFound = { status: 404, title: 'Wallet not found' } as const;
export const accountNotFound = { status: 404, title: 'Account not found' } as const;
export const holdNotFound = { status: 404, title: 'Hold not found' } as const;
export const transferNotFound = { status: 404, title: 'Transfer not found' } as const;

/** Reasons why money may not leave or enter an account. */
export const spendFailures = {
  INSUFFICIENT_FUNDS: {
    status: 402,
    title: 'Insufficient funds',
    data: z.object({ ownerId: z.string(), available: money, requested: money }),
  },
  ACCOUNT_FROZEN: {
    status: 423,
    title: 'Account frozen',
    data: z.object({ accountId, ownerId: z.string(), currency }),
  },
  LIMIT_EXCEEDED: {
    status: 422,
    title: 'Account limit exceeded',
    data: z.object({
      ownerId: z.string(),
      limit: z.enum(['perTransfer', 'perDay', 'maxBalance']),
      allowed: money.describe('The most that is possible now'),
      requested: money,
    }),
  },
} as const;

/** A repeat with another amount. */
export const referenceUsed = {
  status: 409,
  title: 'Reference already used',
  data: z.object({ reference: z.string(), amount: money.describe('Amount of the first one') }),
} as const;

export const illegalHoldState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({
    holdId,
    state: holdState,
    allowed: z.array(z.string()).describe('Operations that the hold allows now'),
  }),
} as const;

export const currencyMismatch = {
  status: 422,
  title: 'Currency mismatch',
  data: z.object({ expected: currency, given: currency }),
} as const;
