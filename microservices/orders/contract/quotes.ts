import { z } from 'zod';
import {
  address,
  currency,
  email,
  id,
  money,
  newAddress,
  operation,
  reference,
  timestamp,
} from '../../chassis/contract/index.ts';
import {
  appliedPromotion,
  available,
  failures,
  pricedLine,
  pricedShipping,
  promotionCode,
  stockStatus,
  sku,
  taxSum,
  totals,
  wantedLines,
} from './values.ts';

export const quote = z
  .object({
    id: id('quo'),
    cartId: z.string().nullable(),
    customerId: z.string().nullable(),
    currency,
    email: z.string().nullable(),
    shippingAddress: address,
    billingAddress: address.nullable(),
    lines: z.array(pricedLine.extend({ available, stock: stockStatus })),
    promotions: z.array(appliedPromotion),
    shipping: pricedShipping.nullable().describe('Null when nothing has to be shipped'),
    shippingOptions: z.array(z.object({ code: z.string(), title: z.string(), price: money })),
    taxes: z.array(taxSum),
    totals,
    orderId: z.string().nullable().describe('The order it became'),
    createdAt: timestamp,
    expiresAt: timestamp.describe('Time until which it can be placed'),
  })
  .meta({ id: 'Quote', title: 'Quote' });

const access = { scope: 'orders:write', customer: true, public: true };

export const quoteOperations = {
  createQuote: operation({
    method: 'POST',
    path: '/quotes',
    title: 'Quote',
    description:
      'Prices a cart, or a list of SKUs, with promotion, shipping and tax, and checks the stock. A quote is valid for 15 minutes: placed within that time, the order costs exactly its total.',
    access,
    input: z.object({
      cartId: id('crt').optional().describe('The cart to quote; otherwise name lines and currency'),
      lines: wantedLines.optional().describe('SKUs and quantities, instead of a cart'),
      currency: currency.optional().describe('With lines: the currency to quote in'),
      customerId: id('cus').optional().describe('With lines: the customer, when staff or a journey asks'),
      couponCode: promotionCode.optional().describe('With lines: a promotion code'),
      shippingAddress: newAddress.describe('Where it goes'),
      billingAddress: newAddress.optional().describe('On the invoice; the shipping address when left out'),
      email: email.optional().describe('Address for the order’s messages; a guest needs one to place the order'),
      shippingMethod: reference.optional().describe('Code of a shipping method; otherwise the cheapest that fits'),
    }),
    output: quote,
    errors: {
      CART_NOT_FOUND: failures.cartNotFound,
      CART_NOT_OPEN: failures.illegalState,
      NOTHING_TO_QUOTE: { status: 422, title: 'Nothing to quote' },
      NOT_SELLABLE: failures.notSellable,
      INSUFFICIENT_STOCK: {
        status: 409,
        title: 'Insufficient stock',
        data: z.object({ lines: z.array(z.object({ sku, requested: z.int(), available: z.int() })) }),
      },
      TOO_LARGE: failures.tooLarge,
      CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
      PROMOTION_NOT_USABLE: failures.promotionUnusable,
      NO_SHIPPING_METHOD: {
        status: 409,
        title: 'No shipping method available',
        data: z.object({ country: z.string(), weightGrams: z.int(), available: z.array(z.string()) }),
      },
    },
    successStatus: 201,
  }),
  getQuote: operation({
    method: 'GET',
    path: '/quotes/{quoteId}',
    title: 'Get quote',
    description: 'A quote by its id.',
    access: { ...access, scope: 'orders:read' },
    input: z.object({ quoteId: id('quo') }),
    output: quote,
    errors: { QUOTE_NOT_FOUND: failures.quoteNotFound },
  }),
} as const;
