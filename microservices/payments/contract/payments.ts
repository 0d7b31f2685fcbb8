import { z } from 'zod';
import { oneOrMore, operation, page, pageQuery, positiveMoney, webAddress } from '../../chassis/contract/index.ts';
import * as values from './values.ts';

const { paymentId, partId, orderId, cartId, customerId, payment } = values;
const read = { scope: 'payments:read' };
const write = { scope: 'payments:write' };
/** These ask a provider, which a rehearsal cannot undo. */
const cannotRehearse = 'it asks a payment provider.';

const wantedPart = z.object({
  method: values.method,
  amount: positiveMoney.optional().describe('How much of the payment; without it, a share of what the others leave'),
  weight: z
    .int()
    .min(1)
    .max(10_000)
    .default(1)
    .describe('Without an amount: its weight among such parts. Two parts of weight 1 pay half each'),
});

/** A token stands for a card at the provider. A card's number must not come here. */
export const token = z
  .string()
  .regex(/^[A-Za-z0-9_-]{3,120}$/, 'a token is 3 to 120 letters, digits, underscores and dashes')
  .refine(
    (text) => !/\d{12,19}/.test(text.replaceAll(/[-_]/g, '')),
    'this looks like a card number, which must never be sent here: send the token that the provider’s page gave for it',
  )
  .describe('Token that the provider’s page or code gave for a card; never a card number');

export const paymentOperations = {
  createPayment: operation({
    method: 'POST',
    path: '/payments',
    title: 'Create payment',
    description:
      'Creates a payment for an order or a cart, in one part or split over several methods. Nothing is held until it is authorized. An order has one payment at a time.',
    access: { ...write, customer: true },
    input: z
      .object({
        orderId: orderId.optional().describe('The order that is paid'),
        cartId: cartId.optional().describe('The cart, where the order is placed after the payment'),
        customerId: customerId.optional().describe('Who pays for a cart; of an order the order says it'),
        amount: positiveMoney.optional().describe('By default what the order comes to; a cart needs it'),
        parts: z
          .array(wantedPart)
          .min(1)
          .max(5)
          .default([{ method: 'card', weight: 1 }])
          .refine(
            (parts) => ['wallet', 'cash_on_delivery'].every((one) => parts.filter((p) => p.method === one).length < 2),
            'one part from the wallet and one in cash at most',
          )
          .describe('How it is split: 1 to 5 parts, which add up to the amount'),
      })
      .refine((given) => (given.orderId === undefined) !== (given.cartId === undefined), {
        error: 'name an order or a cart, one of them',
        path: ['orderId'],
      }),
    output: payment,
    successStatus: 201,
    errors: {
      ORDER_NOT_FOUND: { status: 404, title: 'Order not found', data: z.object({ orderId: z.string() }) },
      ALREADY_BEING_PAID: {
        status: 409,
        title: 'Already being paid',
        data: z.object({ paymentId, state: values.paymentState }),
      },
      NOTHING_TO_PAY: { status: 422, title: 'Nothing to pay', data: z.object({ payable: positiveMoney.nullable() }) },
      SPLIT_DOES_NOT_ADD_UP: {
        status: 422,
        title: 'Parts do not add up',
        data: z.object({ amount: positiveMoney, fixed: positiveMoney.nullable() }),
      },
      CUSTOMER_NEEDED: { status: 422, title: 'Customer needed for the wallet' },
      CURRENCY_MISMATCH: values.currencyMismatch,
    },
  }),
  authorizePayment: operation({
    method: 'POST',
    path: '/payments/{paymentId}/authorize',
    title: 'Authorize payment',
    description:
      'Holds the money of all parts that are pending or were declined, or of one. When the customer has to act, the part says where; payment.authorized follows once all is held. When a provider does not answer in time, the payment stays “processing” and its event follows.',
    access: { ...write, customer: true },
    cannotRehearse,
    input: z.object({
      paymentId,
      partId: partId.optional().describe('Only this part'),
      token: token.optional(),
      returnUrl: webAddress(500).optional().describe('Where the customer comes back to from the provider’s page'),
    }),
    output: payment,
    errors: {
      PAYMENT_NOT_FOUND: values.notFound,
      ILLEGAL_STATE: values.illegalState,
      PAYMENT_DECLINED: {
        status: 402,
        title: 'Payment declined',
        data: z.object({ paymentId, partId, method: values.method, failure: z.string() }),
      },
    },
  }),
  capturePayment: operation({
    method: 'POST',
    path: '/payments/{paymentId}/capture',
    title: 'Capture payment',
    description:
      'Takes held money, all of it or a part, from the parts in their order. Cash is captured when it was collected. The last capture sets the rest free; with final false it stays held for another.',
    access: write,
    cannotRehearse,
    input: z.object({
      paymentId,
      amount: positiveMoney.optional().describe('How much to take; by default everything that is left'),
      final: z
        .boolean()
        .default(true)
        .describe('Whether this is the last capture; otherwise the rest stays held for another'),
    }),
    output: payment,
    errors: {
      PAYMENT_NOT_FOUND: values.notFound,
      ILLEGAL_STATE: values.illegalState,
      OPERATION_PENDING: values.stillPending,
      CAPTURE_EXCEEDS_AUTHORIZED: {
        status: 422,
        title: 'Capture exceeds what is held',
        data: z.object({ capturable: positiveMoney.nullable(), requested: positiveMoney }),
      },
      CURRENCY_MISMATCH: values.currencyMismatch,
      PROVIDER_REFUSED: values.refused,
    },
  }),
  voidPayment: operation({
    method: 'POST',
    path: '/payments/{paymentId}/void',
    title: 'Void payment',
    description:
      'Sets free what is held and not captured, in all parts. Captured money stays captured. Voiding a payment that has ended succeeds and changes nothing.',
    access: write,
    cannotRehearse,
    input: z.object({ paymentId }),
    output: payment,
    errors: {
      PAYMENT_NOT_FOUND: values.notFound,
      OPERATION_PENDING: values.stillPending,
      PROVIDER_REFUSED: values.refused,
    },
  }),
  refundPayment: operation({
    method: 'POST',
    path: '/payments/{paymentId}/refunds',
    title: 'Refund payment',
    description:
      'Gives captured money back, all of it or a part, beginning with the last part. One refund for each reference: a repeat with the same amount returns the payment and moves nothing. Money that a bank has taken back in a dispute is not refunded as well.',
    access: write,
    cannotRehearse,
    input: z.object({
      paymentId,
      amount: positiveMoney,
      reason: values.reason,
      reference: values.refundReference,
    }),
    output: payment,
    successStatus: 201,
    errors: {
      PAYMENT_NOT_FOUND: values.notFound,
      REFUND_EXCEEDS_CAPTURE: {
        status: 422,
        title: 'Refund exceeds what is left',
        data: z.object({ refundable: positiveMoney.nullable(), requested: positiveMoney }),
      },
      REFERENCE_USED: {
        status: 409,
        title: 'Refund reference already used',
        data: z.object({ reference: z.string(), amount: positiveMoney }),
      },
      CURRENCY_MISMATCH: values.currencyMismatch,
      PROVIDER_REFUSED: values.refused,
    },
  }),
  getPayment: operation({
    method: 'GET',
    path: '/payments/{paymentId}',
    title: 'Get payment',
    description: 'One payment with its parts and movements.',
    access: { ...read, customer: true },
    input: z.object({ paymentId }),
    output: payment,
    errors: { PAYMENT_NOT_FOUND: values.notFound },
  }),
  listPayments: operation({
    method: 'GET',
    path: '/payments',
    title: 'List payments',
    description: 'Payments, newest first. Filter by order, customer or state.',
    access: read,
    input: z.object({
      orderId: orderId.optional().describe('Only payments for this order'),
      customerId: customerId.optional().describe('Only payments of this customer'),
      state: oneOrMore(values.paymentState).optional().describe('Payments in any of these states'),
      ...pageQuery,
    }),
    output: page(values.summary),
  }),
  auditPayments: operation({
    method: 'GET',
    path: '/payments/audit',
    title: 'Audit payments',
    description:
      'Recomputes every payment from its movements, and compares what card and cash payments moved with the wallet’s clearing accounts. Safe at any time.',
    access: read,
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      payments: z.int(),
      unsettled: z.int().describe('Movements whose outcome is not known yet'),
      unposted: z.int().describe('Movements that are not on the ledger yet; a job posts them'),
      problems: z.array(z.string()).describe('At most 100 sentences, one for each difference'),
    }),
  }),
};
