import { z } from 'zod';
import {
  choices,
  id,
  operation,
  page,
  pageQuery,
  positiveMoney,
  text,
  timestamp,
} from '../../chassis/contract/index.ts';
import { orderId, partId, paymentId } from './values.ts';

export const disputeId = id('dsp');

export const disputeState = choices({
  needs_response: 'The bank has taken the money back and waits for evidence',
  under_review: 'Evidence was sent; the bank decides',
  won: 'The money came back',
  lost: 'The money is gone',
}).describe('How far the dispute has come');
export type DisputeState = z.infer<typeof disputeState>;

export const dispute = z
  .object({
    id: disputeId,
    paymentId,
    partId,
    orderId: orderId.nullable(),
    state: disputeState,
    amount: positiveMoney,
    reason: z.string().describe('The bank’s code for it, for example product_not_received'),
    evidence: z.string().nullable().describe('What was sent to the bank'),
    evidenceDueBy: timestamp.nullable().describe('Until when the bank takes evidence'),
    openedAt: timestamp,
    closedAt: timestamp.nullable(),
  })
  .meta({ id: 'Dispute', title: 'Dispute' });

const notFound = { status: 404, title: 'Dispute not found', data: z.object({ disputeId: z.string() }) } as const;

export const disputeOperations = {
  getDispute: operation({
    method: 'GET',
    path: '/payments/disputes/{disputeId}',
    title: 'Get dispute',
    description: 'One dispute: a card payment that the customer’s bank has taken back.',
    access: { scope: 'payments:read' },
    input: z.object({ disputeId }),
    output: dispute,
    errors: { DISPUTE_NOT_FOUND: notFound },
  }),
  listDisputes: operation({
    method: 'GET',
    path: '/payments/disputes',
    title: 'List disputes',
    description: 'Disputes, newest first. Filter by payment or state.',
    access: { scope: 'payments:read' },
    input: z.object({
      paymentId: paymentId.optional().describe('Only disputes of this payment'),
      state: disputeState.optional(),
      ...pageQuery,
    }),
    output: page(dispute),
  }),
  submitEvidence: operation({
    method: 'POST',
    path: '/payments/disputes/{disputeId}/evidence',
    title: 'Submit evidence',
    description:
      'Sends the defence file of a dispute to the bank: what was ordered, when it was shipped and delivered, what was agreed. It can be sent once.',
    access: { scope: 'payments:write' },
    cannotRehearse: 'it asks a payment provider.',
    input: z.object({ disputeId, evidence: text(5_000).describe('The defence, at most 5,000 characters') }),
    output: dispute,
    errors: {
      DISPUTE_NOT_FOUND: notFound,
      ILLEGAL_STATE: {
        status: 409,
        title: 'Not allowed in this state',
        data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
      },
    },
  }),
};
