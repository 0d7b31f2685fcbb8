import { z } from 'zod';
import {
  address,
  currency,
  email,
  id,
  money,
  opaque,
  operation,
  page,
  pageQuery,
  timestamp,
} from '../../chassis/contract/index.ts';
import { creditNote, order } from './order.ts';
import { failures, reason, taxSum, totals } from './values.ts';

const customerNotVerified = { status: 409, title: 'E-mail address not verified' } as const;
const customerNotFound = { status: 404, title: 'Customer not found' } as const;

export const retainedInvoice = z
  .object({
    orderId: id('ord'),
    number: z.string(),
    address: address.describe('Name and address of the invoice'),
    currency,
    totals,
    taxes: z.array(taxSum),
    creditNotes: z.array(
      z.object({
        number: z.string().nullable(),
        amount: money,
        taxes: creditNote.taxes.nullable(),
        createdAt: timestamp,
      }),
    ),
    placedAt: timestamp,
    keepUntil: timestamp.describe('When name and address are deleted'),
  })
  .meta({ id: 'RetainedInvoice', title: 'Retained invoice' });

/** Whose an order is: linked to an account later, exported, and what is left of an erased person. */
export const orderPrivacyOperations = {
  claimOrders: operation({
    method: 'POST',
    path: '/orders/claims',
    title: 'Claim guest orders',
    description:
      'Links orders that were placed as a guest with the customer’s verified e-mail address to the customer. It happens by itself when the address is verified; this is for orders placed since. Repeating it links nothing twice.',
    access: { scope: 'orders:write', customer: true },
    input: z.object({
      customerId: id('cus')
        .optional()
        .describe('The customer, when staff or a journey asks; otherwise the signed-in one'),
    }),
    output: z.object({ orders: z.array(z.object({ orderId: id('ord'), number: z.string() })).describe('200 at most') }),
    errors: {
      CUSTOMER_REQUIRED: { status: 422, title: 'Customer required' },
      CUSTOMER_NOT_FOUND: customerNotFound,
      EMAIL_NOT_VERIFIED: customerNotVerified,
    },
  }),
  linkOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/customer',
    title: 'Link guest order',
    description:
      'Links an order that was placed as a guest to a customer whose e-mail address is verified; staff have made sure that it is theirs. The timeline keeps who did it and why. Repeating it changes nothing.',
    access: { scope: 'orders:write' },
    input: z.object({ orderId: id('ord'), customerId: id('cus'), reason }),
    output: order,
    errors: {
      ORDER_NOT_FOUND: failures.orderNotFound,
      CUSTOMER_NOT_FOUND: customerNotFound,
      EMAIL_NOT_VERIFIED: customerNotVerified,
      NOT_A_GUESTS: {
        status: 409,
        title: 'Order of another customer',
        data: z.object({ customerId: z.string().nullable() }),
      },
    },
  }),
  exportOrders: operation({
    method: 'GET',
    path: '/orders/export',
    title: 'Export orders of a person',
    description:
      'All that is kept about the orders of a customer, or of a guest by the e-mail address, oldest first (GDPR, articles 15 and 20).',
    access: { scope: 'orders:read', customer: true },
    input: z
      .object({
        customerId: id('cus').optional().describe('The customer; customers export their own'),
        email: email.optional().describe('Instead: orders placed as a guest with this address, for API keys only'),
        ...pageQuery,
      })
      .refine(({ customerId, email: guest }) => customerId === undefined || guest === undefined, {
        message: 'name a customer or an e-mail address, not both',
        path: ['email'],
      }),
    audited: true,
    output: page(order),
    errors: { PERSON_REQUIRED: { status: 422, title: 'Customer or e-mail address required' } },
  }),
  listRetainedInvoices: operation({
    method: 'GET',
    path: '/orders/retained-invoices',
    title: 'List retained invoices',
    description:
      'Invoices of erased persons whose name and address tax law wants kept, in the order of their orders. For bookkeeping only: its scope belongs to no journey.',
    access: { scope: 'orders:invoices' },
    input: z.object({
      number: opaque(60).optional().describe('Number of the order'),
      ...pageQuery,
    }),
    output: page(retainedInvoice),
  }),
} as const;
