import { z } from 'zod';
import { id, line, money, oneOrMore, operation, timestamp } from '../../chassis/contract/index.ts';
import { read } from './access.ts';
import { allocationState, orderState, paymentState } from './order.ts';
import { sku } from './values.ts';

/** Filters of orders. */
export const orderFilters = {
  state: oneOrMore(orderState).optional().describe('Orders in any of these states'),
  paymentState: oneOrMore(paymentState).optional().describe('Orders whose payment is in any of these states'),
  allocationState: oneOrMore(allocationState).optional().describe('Orders whose stock is in any of these states'),
  customerId: id('cus').optional().describe('Orders of this customer'),
  sku: sku.optional().describe('Only orders with this SKU'),
  placedFrom: timestamp.optional().describe('Placed at this moment or later'),
  placedBefore: timestamp.optional().describe('Placed before this moment'),
  search: line(254)
    .optional()
    .describe(
      'Beginning of the order number (with or without its prefix) or of the e-mail address, or part of the recipient’s name',
    ),
};

/** Orders in numbers. */
export const factOperations = {
  countOrders: operation({
    method: 'GET',
    path: '/orders/count',
    title: 'Count orders',
    description: 'How many orders fit the filters; customers count their own.',
    access: { ...read, customer: true },
    input: z.object(orderFilters),
    output: z.object({ count: z.int() }),
  }),
  getCustomerFacts: operation({
    method: 'GET',
    path: '/orders/customer-facts',
    title: 'Get order facts of customer',
    description:
      'A customer’s orders in numbers: how many, what they paid for them, and when the last one was placed. Cancelled and rejected orders do not count.',
    access: { ...read, customer: true },
    input: z.object({ customerId: id('cus').describe('The customer, cus_…') }),
    output: z
      .object({
        count: z.int().describe('Orders that were not cancelled or rejected'),
        spent: z.array(money).describe('Paid less refunded, one amount for each currency'),
        firstOrderAt: timestamp.nullable().describe('When the first one was placed; null without orders'),
        lastOrderAt: timestamp.nullable().describe('When the last one was placed; null without orders'),
      })
      .meta({ id: 'OrderFacts', title: 'Orders of a customer in numbers' }),
  }),
};
