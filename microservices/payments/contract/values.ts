import { z } from 'zod';
import { choices, id, money, positiveMoney, reference, text, timestamp } from '../../chassis/contract/index.ts';

export const paymentId = id('pay');
export const partId = id('prt');
export const operationId = id('pop');
export const orderId = id('ord');
export const cartId = id('crt');
export const customerId = id('cus');
export const reason = text(200).describe('The reason in a few words; kept with the record, never sent in events');

export const method = choices({
  wallet: 'From the customer’s wallet',
  card: 'By card, through the payment provider',
  cash_on_delivery: 'To the carrier, in cash',
}).describe('How it is paid');
export type Method = z.infer<typeof method>;

export const partState = choices({
  pending: 'Nothing was asked of the customer or the provider yet',
  authorizing: 'The provider was asked; its answer is not known yet',
  requires_action: 'The customer has to act, for example to confirm with the bank',
  authorized: 'The money is held, or promised in cash',
  partially_captured: 'A part is taken, the rest is held',
  captured: 'Taken; what was not taken is free again',
  failed: 'Declined: try again, perhaps with another card',
  voided: 'Set free by a request',
  expired: 'Set free because its time ran out',
}).describe('How far this part has come');
export type PartState = z.infer<typeof partState>;

export const paymentState = choices({
  pending: 'Created; nothing is held yet',
  processing: 'A provider’s answer is awaited',
  requires_action: 'The customer has to act, for example to confirm with the bank',
  authorized: 'The whole amount is held',
  partially_captured: 'A part is taken, the rest is held',
  captured: 'Taken',
  partially_refunded: 'A part of what was taken was given back',
  refunded: 'All that was taken was given back',
  failed: 'A part was declined: try again, or void the payment',
  voided: 'Ended by a request; nothing was taken',
  expired: 'Ended because its time ran out; nothing was taken',
}).describe('How far the payment has come, from its parts and amounts');
export type PaymentState = z.infer<typeof paymentState>;

export const operationKind = choices({
  authorize: 'Hold the money',
  capture: 'Take it',
  void: 'Set the rest free',
  refund: 'Give it back',
}).describe('What was asked of the provider');
export type OperationKind = z.infer<typeof operationKind>;

export const operationState = choices({
  requested: 'The answer is not known yet',
  waiting: 'Waits for the customer',
  succeeded: 'Done',
  failed: 'Refused',
}).describe('What became of it');
export type OperationState = z.infer<typeof operationState>;

const action = z
  .object({
    url: z.string().nullable().describe('Send the customer to this page'),
    clientSecret: z.string().nullable().describe('For the provider’s own code in the shop’s page'),
  })
  .meta({ id: 'PaymentAction', title: 'What the customer has to do' });

export const part = z
  .object({
    id: partId,
    method,
    provider: z.string().describe('Who moves the money: wallet, cash, or the payment provider'),
    state: partState,
    amount: positiveMoney,
    authorized: money.describe('Held in all'),
    captured: money.describe('Taken so far'),
    refunded: money.describe('Given back so far'),
    providerPaymentId: z.string().nullable().describe('The payment’s id at the provider'),
    action: action.nullable(),
    failure: z.string().nullable().describe('Why it was declined, in the provider’s words'),
    card: z
      .object({ brand: z.string(), last4: z.string() })
      .nullable()
      .describe('Of a card only its end is known here'),
    expiresAt: timestamp.nullable().describe('Until when the provider holds the money'),
  })
  .meta({ id: 'PaymentPart', title: 'Part of a payment' });

export const shownOperation = z
  .object({
    id: operationId,
    partId,
    kind: operationKind,
    state: operationState,
    amount: positiveMoney,
    reference: z.string().nullable().describe('Of a refund: its id at orders, or another id'),
    failure: z.string().nullable().describe('Why it was refused'),
    createdAt: timestamp,
    settledAt: timestamp.nullable(),
  })
  .meta({ id: 'PaymentOperation', title: 'Movement of a payment' });

export const summary = z
  .object({
    id: paymentId,
    orderId: orderId.nullable(),
    cartId: cartId.nullable(),
    customerId: customerId.nullable(),
    state: paymentState,
    amount: positiveMoney,
    authorized: money.describe('Held in all; less than the amount while a part is missing'),
    captured: money.describe('Taken so far; never more than authorized'),
    refunded: money.describe('Given back so far; never more than captured'),
    disputed: money.describe('Taken back by banks, in disputes that are open or lost'),
    expiresAt: timestamp.describe(
      'From then on it is voided when it is not authorized, and what is not captured is set free',
    ),
    createdAt: timestamp,
  })
  .meta({ id: 'PaymentSummary', title: 'Payment in a list' });

export const payment = summary
  .extend({ parts: z.array(part), operations: z.array(shownOperation).describe('Oldest first') })
  .meta({ id: 'Payment', title: 'Payment' });

export const refundReference = reference.describe('The refund’s id at orders, or another id of this refund');

export const notFound = { status: 404, title: 'Payment not found', data: z.object({ paymentId: z.string() }) } as const;
export const illegalState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
} as const;
export const stillPending = {
  status: 409,
  title: 'Another movement is not settled yet',
  data: z.object({ paymentId, operationIds: z.array(operationId) }),
} as const;
export const refused = {
  status: 422,
  title: 'Refused by the provider',
  data: z.object({ paymentId, operationId, failure: z.string() }),
} as const;
export const currencyMismatch = {
  status: 422,
  title: 'Currency mismatch',
  data: z.object({ expected: z.string(), given: z.string() }),
} as const;
