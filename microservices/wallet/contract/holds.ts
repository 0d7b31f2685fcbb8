import { z } from 'zod';
import { money, operation, page, pageQuery, positiveMoney, reference } from '../../chassis/contract/index.ts';
import { ownerFailures, ownerId } from './owners.ts';
import {
  currencyMismatch,
  hold,
  holdId,
  holdState,
  illegalHoldState,
  holdNotFound,
  reason,
  spendFailures,
  transfer,
} from './values.ts';

export const holdOperations = {
  authorizeHold: operation({
    method: 'POST',
    path: '/wallet/holds',
    title: 'Authorize hold',
    description:
      'Holds money for a payment: it stays on the account, but cannot be spent on anything else until the hold is captured, voided or expires. A repeat for the same owner, reference and amount returns the first hold, unless that was voided or has expired. A refusal publishes payment.failed.',
    access: { scope: 'wallet:write' },
    input: z.object({
      ownerId,
      amount: positiveMoney,
      reference: reference.describe('The order’s id, or another id of the thing that is paid for'),
      expiresInSeconds: z
        .int()
        .min(1)
        .max(31_536_000)
        .default(604_800)
        .describe('After so many seconds the rest is available again; a week by default'),
    }),
    output: hold,
    successStatus: 201,
    errors: {
      ...spendFailures,
      ...ownerFailures,
      REFERENCE_CLOSED: {
        status: 409,
        title: 'Payments closed for this reference',
        data: z.object({ reference: z.string() }),
      },
    },
  }),
  getHold: operation({
    method: 'GET',
    path: '/wallet/holds/{holdId}',
    title: 'Get hold',
    description: 'One hold with its state, and how much was authorized, captured and refunded.',
    access: { scope: 'wallet:read', customer: true },
    input: z.object({ holdId }),
    output: hold,
    errors: { HOLD_NOT_FOUND: holdNotFound },
  }),
  listHolds: operation({
    method: 'GET',
    path: '/wallet/holds',
    title: 'List holds',
    description: 'Holds, newest first. Filter by owner, reference or state.',
    access: { scope: 'wallet:read' },
    input: z.object({
      ownerId: ownerId.optional(),
      reference: reference.optional().describe('The order’s id, or another id of the thing that is paid for'),
      state: holdState.optional(),
      ...pageQuery,
    }),
    output: page(hold),
  }),
  captureHold: operation({
    method: 'POST',
    path: '/wallet/holds/{holdId}/capture',
    title: 'Capture hold',
    description:
      'Takes the held money, all or part of it. The last capture makes the rest available again; with final false the rest stays held for further captures.',
    access: { scope: 'wallet:write' },
    input: z.object({
      holdId,
      amount: positiveMoney.optional().describe('How much to take; by default everything that is left'),
      final: z
        .boolean()
        .default(true)
        .describe('Whether this is the last capture; otherwise the rest stays held for another'),
    }),
    output: hold,
    errors: {
      HOLD_NOT_FOUND: holdNotFound,
      ILLEGAL_STATE: illegalHoldState,
      HOLD_EXPIRED: {
        status: 409,
        title: 'Hold expired',
        data: z.object({ holdId, expiresAt: z.string() }),
      },
      CAPTURE_EXCEEDS_HOLD: {
        status: 422,
        title: 'Capture exceeds the hold',
        data: z.object({ remaining: money, requested: money }),
      },
      CURRENCY_MISMATCH: currencyMismatch,
    },
  }),
  voidHold: operation({
    method: 'POST',
    path: '/wallet/holds/{holdId}/void',
    title: 'Void hold',
    description:
      'Makes the rest of a hold available again. Captured money stays captured. Voiding a voided or expired hold succeeds and changes nothing.',
    access: { scope: 'wallet:write' },
    input: z.object({ holdId }),
    output: hold,
    errors: { HOLD_NOT_FOUND: holdNotFound, ILLEGAL_STATE: illegalHoldState },
  }),
  refundCapture: operation({
    method: 'POST',
    path: '/wallet/holds/{holdId}/refunds',
    title: 'Refund payment',
    description:
      'Gives captured money back to its owner, all or part of it. One refund per hold and reference: a repeat with the same reference and amount returns the first refund and moves no money.',
    access: { scope: 'wallet:write' },
    input: z.object({
      holdId,
      amount: positiveMoney,
      reason,
      reference: reference.describe('The refund’s id at orders, or another id of this refund'),
    }),
    output: z.object({ hold, transfer }),
    successStatus: 201,
    errors: {
      HOLD_NOT_FOUND: holdNotFound,
      REFUND_EXCEEDS_CAPTURE: {
        status: 422,
        title: 'Refund exceeds what was captured',
        data: z.object({ refundable: money, requested: money }),
      },
      LIMIT_EXCEEDED: spendFailures.LIMIT_EXCEEDED,
      CURRENCY_MISMATCH: currencyMismatch,
      REFERENCE_USED: {
        status: 409,
        title: 'Refund reference already used',
        data: z.object({ reference: z.string(), amount: money }),
      },
    },
  }),
};
