import { z } from 'zod';
import { currency, defineContract, event, money, positiveMoney, withExamples } from '../chassis/contract/index.ts';
import { walletExamples } from './contract/examples.ts';
import { accountOperations } from './contract/accounts.ts';
import { clearingOperations } from './contract/clearing.ts';
import { creditOperations } from './contract/credits.ts';
import { holdOperations } from './contract/holds.ts';
import { transferOperations } from './contract/transfers.ts';
import { ownerId } from './contract/owners.ts';
import { accountId, creditId, holdId, holdState, limits, transferId } from './contract/values.ts';

const moved = { transferId, ownerId, accountId, reference: z.string(), amount: positiveMoney };
const ofHold = { holdId, ownerId, accountId, reference: z.string().describe('The hold pays for this: the order’s id') };
const ofAccount = { accountId, ownerId, currency };

export const walletContract = defineContract({
  domain: 'wallet',
  title: 'Wallet',
  noun: 'Wallet',
  description:
    'Customers’ balances in any currency, kept as a double-entry ledger: top-ups, holds, refunds, transfers and payouts. Entries never change, and no money is spent twice.',
  version: 1,
  personalData: true,
  operations: {
    ...transferOperations,
    ...creditOperations,
    ...holdOperations,
    ...clearingOperations,
    ...accountOperations,
  },
  events: withExamples(
    {
      'wallet.opened': event({
        title: 'Account opened',
        description: 'An owner’s first account in this currency was opened.',
        aggregate: 'account',
        payload: z.object(ofAccount),
      }),
      'wallet.topped_up': event({
        title: 'Wallet topped up',
        description: 'Money from outside arrived on an owner’s account.',
        aggregate: 'account',
        payload: z.object(moved),
      }),
      'wallet.paid_out': event({
        title: 'Wallet paid out',
        description: 'Money left an owner’s account for the outside.',
        aggregate: 'account',
        payload: z.object(moved),
      }),
      'wallet.credit_granted': event({
        title: 'Credit granted',
        description: 'The shop gave an owner credit that nobody paid for.',
        aggregate: 'account',
        payload: z.object({ creditId, ...moved, expiresAt: z.string().nullable() }),
      }),
      'wallet.credit_expired': event({
        title: 'Credit expired',
        description: 'What was left of granted credit was taken back.',
        aggregate: 'account',
        payload: z.object({ creditId, ...moved }),
      }),
      'wallet.written_off': event({
        title: 'Balance written off',
        description: 'Money that an erased customer left on the wallet went to the platform.',
        aggregate: 'account',
        payload: z.object(moved),
      }),
      'wallet.transferred': event({
        title: 'Money transferred',
        description: 'Money moved from one owner to another. The subject is the payer’s account.',
        aggregate: 'account',
        payload: z.object({
          transferId,
          linkedId: z.string(),
          fromOwnerId: ownerId,
          toOwnerId: ownerId,
          reference: z.string(),
          amount: positiveMoney,
        }),
      }),
      'wallet.held': event({
        title: 'Money held',
        description: 'Money is held for a payment.',
        aggregate: 'hold',
        payload: z.object({ ...ofHold, amount: positiveMoney, expiresAt: z.string() }),
      }),
      'wallet.captured': event({
        title: 'Hold captured',
        description: 'Held money was taken: the payment is made, in whole or in part.',
        aggregate: 'hold',
        payload: z.object({
          ...ofHold,
          transferId,
          amount: positiveMoney.describe('Taken by this capture'),
          captured: money.describe('Taken in total'),
          state: holdState,
        }),
      }),
      'wallet.released': event({
        title: 'Hold released',
        description:
          'Held money is available again: the hold was voided or expired, or its last capture took less than was held.',
        aggregate: 'hold',
        payload: z.object({
          ...ofHold,
          amount: positiveMoney.describe('Available again'),
          cause: z.enum(['voided', 'expired', 'captured']),
          state: holdState,
        }),
      }),
      'wallet.refunded': event({
        title: 'Payment refunded',
        description: 'Captured money was given back to its owner.',
        aggregate: 'hold',
        payload: z.object({
          ...ofHold,
          transferId,
          refundReference: z.string().describe('The refund’s id at orders'),
          amount: positiveMoney.describe('Given back by this refund'),
          refunded: money.describe('Given back in total'),
        }),
      }),
      'wallet.frozen': event({
        title: 'Account frozen',
        description: 'Nothing may leave the account until it is unfrozen.',
        aggregate: 'account',
        payload: z.object(ofAccount),
      }),
      'wallet.unfrozen': event({
        title: 'Account unfrozen',
        description: 'Money may leave the account again.',
        aggregate: 'account',
        payload: z.object(ofAccount),
      }),
      'wallet.limits_changed': event({
        title: 'Limits changed',
        description: 'The account has new limits.',
        aggregate: 'account',
        payload: z.object({ ...ofAccount, limits }),
      }),
      'payment.failed': event({
        title: 'Payment failed',
        description: 'A hold was refused. Tell the customer, or let them pay another way.',
        aggregate: 'payment',
        payload: z.object({
          holdId: holdId.optional(),
          ownerId,
          reference: z.string().describe('Should have been paid: the order’s id'),
          amount: positiveMoney,
          reason: z.enum([
            'insufficient_funds',
            'account_frozen',
            'limit_exceeded',
            'reference_closed',
            'owner_not_found',
            'owner_ended',
          ]),
        }),
      }),
      'payment.refund_failed': event({
        title: 'Refund failed',
        description: 'The wallet could not make a refund that was issued for an order. A person must check it.',
        aggregate: 'payment',
        payload: z.object({
          holdId: z.string(),
          orderId: z.string(),
          refundId: z.string(),
          amount: positiveMoney,
          reason: z.enum(['hold_not_found', 'exceeds_captured', 'another_currency', 'reference_used', 'balance_limit']),
        }),
      }),
    },
    walletExamples,
  ),
});
