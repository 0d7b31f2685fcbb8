import { z } from 'zod';
import {
  country,
  currency,
  email,
  id,
  money,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
} from '../../chassis/contract/index.ts';
import { failures, MAX_LINES, promotionCode, quantity, sku, wantedLine } from './values.ts';

const cartId = id('crt');
const access = { scope: 'orders:write', customer: true, public: true };

export const cartLine = z.object({
  lineId: id('lin'),
  sku,
  quantity: z.int(),
  title: z.string(),
  variantTitle: z.string().nullable(),
  unitPrice: money.nullable().describe('As listed when last asked; null when the SKU cannot be sold now'),
  taxInclusive: z.boolean(),
  problem: z.string().nullable().describe('Why the SKU cannot be sold now'),
});

export const cart = z
  .object({
    id: cartId,
    state: z.enum(['open', 'ordered', 'merged']),
    customerId: z.string().nullable().describe('Null for a guest'),
    currency,
    country: country.nullable(),
    email: z.string().nullable(),
    lines: z.array(cartLine),
    couponCode: z.string().nullable(),
    subtotal: money.describe('Listed prices × quantities, before discount, shipping and tax'),
    pricesAsOf: timestamp.describe('When prices were last asked of the catalogue'),
    mergedInto: z.string().nullable(),
    orderId: z.string().nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Cart', title: 'Cart' });

const changeFailures = {
  CART_NOT_FOUND: failures.cartNotFound,
  CART_NOT_OPEN: failures.illegalState,
} as const;
const pricingFailures = {
  ...changeFailures,
  NOT_SELLABLE: failures.notSellable,
  TOO_LARGE: failures.tooLarge,
} as const;
const LINE_NOT_FOUND = { status: 404, title: 'Line not found' } as const;

export const cartOperations = {
  createCart: operation({
    method: 'POST',
    path: '/carts',
    title: 'Create cart',
    description:
      'Opens a cart, for a guest or for the customer who asks; its id is unguessable and is what a guest acts through. It may be filled at once.',
    access,
    input: z.object({
      currency,
      country: country.optional().describe('Where it will be shipped to, if known'),
      email: email.optional().describe('Where to write about this cart; kept out of events'),
      customerId: id('cus').optional().describe('Whose cart, when staff or a journey opens it'),
      lines: z.array(wantedLine).max(MAX_LINES).default([]),
    }),
    output: cart,
    errors: {
      NOT_SELLABLE: failures.notSellable,
      TOO_LARGE: failures.tooLarge,
      CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
    },
    successStatus: 201,
  }),
  getCart: operation({
    method: 'GET',
    path: '/carts/{cartId}',
    title: 'Get cart',
    description: 'A cart with the prices of its last change or refresh.',
    access: { ...access, scope: 'orders:read' },
    input: z.object({ cartId }),
    output: cart,
    errors: { CART_NOT_FOUND: failures.cartNotFound },
  }),
  listCarts: operation({
    method: 'GET',
    path: '/carts',
    title: 'List carts',
    description: 'Carts by last change, newest first; customers see their own.',
    access: { scope: 'orders:read', customer: true },
    input: z.object({
      ...pageQuery,
      state: z.enum(['open', 'ordered', 'merged']).optional(),
      customerId: id('cus').optional(),
      abandoned: z.boolean().optional().describe('Whether those that were reported abandoned are meant, or the others'),
      search: text(254).optional().describe('SKU or e-mail address'),
    }),
    output: page(cart),
  }),
  updateCart: operation({
    method: 'PATCH',
    path: '/carts/{cartId}',
    title: 'Update cart',
    description: 'Sets the country and the e-mail address of a cart.',
    access,
    input: z.object({ cartId, country: country.optional(), email: email.optional() }),
    output: cart,
    errors: changeFailures,
  }),
  addCartLine: operation({
    method: 'POST',
    path: '/carts/{cartId}/lines',
    title: 'Add to cart',
    description: 'Adds pieces of a SKU; when it is in the cart already the quantities add up.',
    access,
    input: z.object({ cartId, sku, quantity: quantity.default(1) }),
    output: cart,
    errors: pricingFailures,
  }),
  setCartLines: operation({
    method: 'PUT',
    path: '/carts/{cartId}/lines',
    title: 'Set cart lines',
    description: 'Replaces everything in the cart at once. The same SKU named twice adds up.',
    access,
    input: z.object({ cartId, lines: z.array(wantedLine).max(MAX_LINES) }),
    output: cart,
    errors: pricingFailures,
  }),
  updateCartLine: operation({
    method: 'PATCH',
    path: '/carts/{cartId}/lines/{lineId}',
    title: 'Change quantity',
    description: 'Sets the quantity of a line.',
    access,
    input: z.object({ cartId, lineId: id('lin'), quantity }),
    output: cart,
    errors: { ...pricingFailures, LINE_NOT_FOUND },
  }),
  removeCartLine: operation({
    method: 'DELETE',
    path: '/carts/{cartId}/lines/{lineId}',
    title: 'Remove from cart',
    description: 'Takes a line out of the cart.',
    access,
    input: z.object({ cartId, lineId: id('lin') }),
    output: cart,
    errors: { ...changeFailures, LINE_NOT_FOUND },
  }),
  applyCoupon: operation({
    method: 'POST',
    path: '/carts/{cartId}/coupon',
    title: 'Apply coupon',
    description: 'Puts a promotion code on the cart in place of any other. The discount shows in the quote.',
    access,
    input: z.object({ cartId, code: promotionCode }),
    output: cart,
    errors: { ...changeFailures, PROMOTION_NOT_USABLE: failures.promotionUnusable },
  }),
  removeCoupon: operation({
    method: 'DELETE',
    path: '/carts/{cartId}/coupon',
    title: 'Remove coupon',
    description: 'Takes the promotion code off the cart.',
    access,
    input: z.object({ cartId }),
    output: cart,
    errors: changeFailures,
  }),
  refreshCart: operation({
    method: 'POST',
    path: '/carts/{cartId}/refresh',
    title: 'Refresh prices',
    description: 'Asks the catalogue for the prices of today and says what changed.',
    access,
    input: z.object({ cartId }),
    output: cart.extend({
      changes: z.array(
        z.object({
          lineId: id('lin'),
          sku,
          before: money.nullable(),
          after: money.nullable().describe('Null: no longer sold'),
        }),
      ),
    }),
    errors: changeFailures,
  }),
  mergeCart: operation({
    method: 'POST',
    path: '/carts/{cartId}/merge',
    title: 'Merge guest cart',
    description:
      'After sign-in: moves what is in a guest’s cart into the customer’s newest open cart of that currency; without one the guest’s cart becomes the customer’s. Quantities add up. Doing it again changes nothing.',
    access: { scope: 'orders:write', customer: true },
    input: z.object({
      cartId: cartId.describe('The guest’s cart'),
      customerId: id('cus')
        .optional()
        .describe('Whose cart it goes to, when staff or a journey asks; otherwise the customer who asks'),
    }),
    output: cart,
    errors: {
      ...changeFailures,
      TOO_LARGE: failures.tooLarge,
      CUSTOMER_REQUIRED: { status: 422, title: 'Customer required' },
    },
  }),
} as const;
