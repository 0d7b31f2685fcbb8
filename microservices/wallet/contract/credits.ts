import { z } from 'zod';
import {
  money,
  operation,
  page,
  pageQuery,
  positiveMoney,
  reference,
  timestamp,
} from '../../chassis/contract/index.ts';
import { ownerFailures, ownerId, receivingOwnerId } from './owners.ts';
import { balance, credit, reason, referenceUsed, spendFailures } from './values.ts';

export const creditOperations = {
  grantCredit: operation({
    method: 'POST',
    path: '/wallet/credits',
    title: 'Grant credit',
    description:
      'Gives a customer credit for which nobody paid: a thank-you, a campaign, a late delivery. It is booked as the shop’s expense, pays for orders only (no transfer or payout), is spent before other money, what expires first before the rest, and what is left at its expiry is taken back. One grant per owner, currency and reference: a repeat returns the first.',
    access: { scope: 'wallet:write' },
    input: z
      .object({
        ownerId: receivingOwnerId,
        amount: positiveMoney,
        reason,
        reference: reference.describe(
          'What it is granted for, for example birthday-2026: once for each customer. In a journey, an empty one stands for the event that started it',
        ),
        expiresAt: timestamp.optional().describe('When what is left is taken back; never by default'),
        atMost: positiveMoney
          .optional()
          .describe(
            'The most that the owner may be granted within the period, this credit included; no limit by default',
          ),
        periodDays: z.int().min(1).max(366).default(30).describe('How many days back atMost counts, 1 to 366'),
      })
      .refine(({ amount, atMost }) => atMost === undefined || atMost.currency === amount.currency, {
        error: 'atMost and amount need the same currency',
        path: ['atMost'],
      }),
    output: z.object({ credit, balance }),
    successStatus: 201,
    errors: {
      LIMIT_EXCEEDED: spendFailures.LIMIT_EXCEEDED,
      ...ownerFailures,
      REFERENCE_USED: referenceUsed,
      EXPIRY_PASSED: { status: 422, title: 'Expiry passed', data: z.object({ expiresAt: timestamp }) },
      CREDIT_LIMIT_REACHED: {
        status: 409,
        title: 'Credit limit reached',
        data: z.object({
          ownerId: z.string(),
          granted: money.describe('Granted within the period'),
          atMost: money,
          periodDays: z.int(),
        }),
      },
    },
  }),
  listCredits: operation({
    method: 'GET',
    path: '/wallet/credits',
    title: 'List credits',
    description: 'Granted credit, newest first, with what is left of it. Filter by owner or reference.',
    access: { scope: 'wallet:read' },
    input: z.object({
      ownerId: ownerId.optional(),
      reference: reference.optional().describe('Only grants for this reason'),
      ...pageQuery,
    }),
    output: page(credit),
  }),
};
