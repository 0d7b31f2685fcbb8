import { z } from 'zod';
import {
  currency,
  operation,
  page,
  pageQuery,
  positiveMoney,
  reference,
  timestamp,
} from '../../chassis/contract/index.ts';
import { ownerFailures, ownerId, receivingOwnerId } from './owners.ts';
import {
  reason,
  receipt,
  referenceUsed,
  spendFailures,
  transfer,
  transferId,
  transferKind,
  transferNotFound,
  walletNotFound,
} from './values.ts';

const move = z.object({
  fromOwnerId: ownerId.describe('Who pays'),
  toOwnerId: receivingOwnerId.describe('Who receives; an account is opened on first use'),
  amount: positiveMoney,
  reference: reference.describe('The purpose; lists and statements can be searched by it'),
});

const sameOwner = {
  status: 422,
  title: 'Payer and receiver are the same',
  data: z.object({ ownerId: z.string() }),
} as const;

export const transferOperations = {
  topUp: operation({
    method: 'POST',
    path: '/wallet/top-ups',
    title: 'Top up wallet',
    description:
      'Adds money that was really paid in (a card payment, cash, a bank transfer) to an owner’s account. For money that nobody paid, use “Grant credit”. One top-up per owner, currency and reference: a repeat returns the first and adds nothing.',
    access: { scope: 'wallet:write' },
    input: z.object({
      ownerId: receivingOwnerId,
      amount: positiveMoney,
      reference: reference.describe('The payment’s id at the bank or payment provider'),
    }),
    output: receipt,
    successStatus: 201,
    errors: { LIMIT_EXCEEDED: spendFailures.LIMIT_EXCEEDED, ...ownerFailures, REFERENCE_USED: referenceUsed },
  }),
  payOut: operation({
    method: 'POST',
    path: '/wallet/payouts',
    title: 'Pay out',
    description:
      'Sends an owner’s available money to the outside, for example their bank account. One payout per owner, currency and reference: a repeat returns the first and sends nothing.',
    access: { scope: 'wallet:write' },
    input: z.object({
      ownerId,
      amount: positiveMoney,
      reference: reference.describe('The payout’s id at the bank or payment provider'),
    }),
    output: receipt,
    successStatus: 201,
    errors: { ...spendFailures, ...ownerFailures, REFERENCE_USED: referenceUsed },
  }),
  writeOff: operation({
    method: 'POST',
    path: '/wallet/write-offs',
    title: 'Write off balance',
    description:
      'Takes money that an erased customer left on the wallet and that cannot be paid out, so that the erasure can go on. One write-off per owner, currency and reference: a repeat returns the first.',
    access: { scope: 'wallet:write' },
    input: z.object({
      ownerId,
      amount: positiveMoney,
      reason: reason.describe('Why nobody gets the money; kept for the books, so without personal data'),
      reference: reference.describe('The number of the booking, or another id of this write-off'),
    }),
    output: receipt,
    successStatus: 201,
    errors: {
      INSUFFICIENT_FUNDS: spendFailures.INSUFFICIENT_FUNDS,
      OWNER_NOT_FOUND: ownerFailures.OWNER_NOT_FOUND,
      OWNER_NOT_ERASED: { status: 409, title: 'Owner not erased', data: z.object({ ownerId: z.string() }) },
      REFERENCE_USED: referenceUsed,
    },
  }),
  transfer: operation({
    method: 'POST',
    path: '/wallet/transfers',
    title: 'Transfer money',
    description: 'Moves available money from one owner to another, in one currency.',
    access: { scope: 'wallet:write', customer: true },
    input: move,
    output: receipt,
    successStatus: 201,
    errors: {
      ...spendFailures,
      ...ownerFailures,
      SAME_OWNER: sameOwner,
      WALLET_NOT_FOUND: walletNotFound,
      RECEIVER_LIMIT: { status: 422, title: 'Receiver’s limit exceeded' },
    },
  }),
  transferLinked: operation({
    method: 'POST',
    path: '/wallet/transfers/linked',
    title: 'Transfer money (linked)',
    description:
      'Makes several transfers in the given order, all or none: each sees the effect of those before it, and if one is refused, none is made. Currencies may differ between transfers, for example for an exchange.',
    access: { scope: 'wallet:write' },
    input: z.object({ transfers: z.array(move).min(1).max(100).describe('1 to 100 transfers, in order') }),
    output: z.object({ linkedId: z.string(), transfers: z.array(transfer) }),
    successStatus: 201,
    errors: { ...spendFailures, ...ownerFailures, SAME_OWNER: sameOwner },
  }),
  getTransfer: operation({
    method: 'GET',
    path: '/wallet/transfers/{transferId}',
    title: 'Get transfer',
    description: 'One transfer. Transfers never change.',
    access: { scope: 'wallet:read' },
    input: z.object({ transferId }),
    output: transfer,
    errors: { TRANSFER_NOT_FOUND: transferNotFound },
  }),
  listTransfers: operation({
    method: 'GET',
    path: '/wallet/transfers',
    title: 'List transfers',
    description:
      'Transfers, newest first, for example to reconcile with a bank. Filter by reference, kind, currency or time.',
    access: { scope: 'wallet:read' },
    input: z.object({
      reference: reference.optional().describe('Only transfers with this reference'),
      linkedId: reference.optional().describe('Only transfers that were posted together under this ID'),
      kind: transferKind.optional(),
      currency: currency.optional(),
      from: timestamp.optional().describe('Not before this moment'),
      to: timestamp.optional().describe('Before this moment'),
      ...pageQuery,
    }),
    output: page(transfer),
  }),
};
