import { z } from 'zod';
import {
  choices,
  country,
  currency,
  email,
  expectedVersion,
  id,
  line,
  money,
  operation,
  page,
  pageQuery,
  timestamp,
  version,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import {
  available,
  failures,
  MAX_LINES,
  MAX_QUANTITY,
  promotionCode,
  quantity,
  sku,
  stockStatus,
  wantedLine,
} from './values.ts';

const cartState = choices({
  open: 'Can be changed and ordered',
  ordered: 'Became an order',
  merged: 'Became part of another cart',
}).describe('What became of it');

const cartId = id('crt');
const access = { scope: 'orders:write', customer: true, public: true };

const quantityOrNone = z.int().min(0).max(MAX_QUANTITY).describe('How many; 0 removes the line');

export const cartLine = z.object({
  lineId: id('lin'),
  sku,
  quantity: z.int(),
  title: z.string(),
  variantTitle: z.string().nullable(),
  unitPrice: money.nullable().describe('As listed when last asked; null when the SKU cannot be sold now'),
  taxInclusive: z.boolean(),
  problem: z.string().nullable().describe('Reason why the SKU cannot be sold now'),
  available,
  stock: stockStatus,
});

export const cart = z
  .object({
    id: cartId,
    state: cartState,
    customerId: z.string().nullable().describe('Null for a guest'),
    currency,
    country: country.nullable(),
    email: z.string().nullable(),
    lines: z.array(cartLine),
    couponCode: z.string().nullable(),
    subtotal: money.describe('Listed prices × quantities, before discount, shipping and tax'),
    pricesAsOf: timestamp.describe('Time of the prices'),
    mergedInto: z.string().nullable(),
    orderId: z.string().nullable(),
    version,
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
      'Creates a cart, for a guest or for the signed-in customer, empty or with lines. Its id cannot be guessed; whoever has it can use a guest’s cart.',
    access,
    input: z.object({
      currency,
      country: country.optional().describe('Country it will be shipped to, if known'),
      email: email.optional().describe('Address for messages about this cart; not in events'),
      customerId: id('cus').optional().describe('Owner, when staff or a journey creates it'),
      lines: z.array(wantedLine).max(MAX_LINES).default([]).describe('SKUs and quantities'),
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
      state: cartState.optional(),
      customerId: id('cus').optional(),
      abandoned: z
        .boolean()
        .optional()
        .describe('Whether those that were reported abandoned are returned, or the others'),
      search: line(254).optional().describe('SKU or e-mail address'),
    }),
    output: page(cart),
  }),
  updateCart: operation({
    method: 'PATCH',
    path: '/carts/{cartId}',
    title: 'Update cart',
    description: 'Sets the country and the e-mail address of a cart.',
    access,
    input: z.object({ cartId, expectedVersion, country: country.optional(), email: email.optional() }),
    output: cart,
    errors: { ...changeFailures, VERSION_CONFLICT },
  }),
  addCartLine: operation({
    method: 'POST',
    path: '/carts/{cartId}/lines',
    title: 'Add to cart',
    description: 'Adds units of a SKU. The quantities add up when it is in the cart already.',
    access,
    input: z.object({ cartId, sku, quantity: quantity.default(1) }),
    output: cart,
    errors: pricingFailures,
  }),
  setCartLines: operation({
    method: 'PUT',
    path: '/carts/{cartId}/lines',
    title: 'Set cart lines',
    description: 'Replaces all lines of the cart. The quantities of a SKU named twice add up.',
    access,
    input: z.object({
      cartId,
      expectedVersion,
      lines: z
        .array(z.object({ sku, quantity: quantityOrNone }))
        .max(MAX_LINES)
        .describe('All lines that it then has'),
    }),
    output: cart,
    errors: { ...pricingFailures, VERSION_CONFLICT },
  }),
  updateCartLine: operation({
    method: 'PATCH',
    path: '/carts/{cartId}/lines/{lineId}',
    title: 'Change quantity',
    description: 'Sets the quantity of a line; 0 removes it.',
    access,
    input: z.object({ cartId, lineId: id('lin'), expectedVersion, quantity: quantityOrNone }),
    output: cart,
    errors: { ...pricingFailures, LINE_NOT_FOUND, VERSION_CONFLICT },
  }),
  removeCartLine: operation({
    method: 'DELETE',
    path: '/carts/{cartId}/lines/{lineId}',
    title: 'Remove from cart',
    description: 'Removes a line from the cart.',
    access,
    input: z.object({ cartId, lineId: id('lin') }),
    output: cart,
    errors: { ...changeFailures, LINE_NOT_FOUND },
  }),
  applyCoupon: operation({
    method: 'POST',
    path: '/carts/{cartId}/coupon',
    title: 'Apply coupon',
    description: 'Sets the promotion code of the cart, in place of any other. The quote shows the discount.',
    access,
    input: z.object({ cartId, code: promotionCode }),
    output: cart,
    errors: { ...changeFailures, PROMOTION_NOT_USABLE: failures.promotionUnusable },
  }),
  removeCoupon: operation({
    method: 'DELETE',
    path: '/carts/{cartId}/coupon',
    title: 'Remove coupon',
    description: 'Removes the promotion code from the cart.',
    access,
    input: z.object({ cartId }),
    output: cart,
    errors: changeFailures,
  }),
  refreshCart: operation({
    method: 'POST',
    path: '/carts/{cartId}/refresh',
    title: 'Refresh prices',
    description: 'Updates the cart to today’s prices and returns what changed.',
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
  abandonCart: operation({
    method: 'POST',
    path: '/carts/{cartId}/abandon',
    title: 'Report cart abandoned',
    description:
      'Reports a filled, open cart as abandoned now, instead of when it has not been touched for long enough (ORDERS_CART_ABANDONED_MINUTES): to try a journey, or because something else says so. It is reported once until it changes; repeating it changes nothing.',
    access: { scope: 'orders:write' },
    input: z.object({ cartId: cartId.describe('The cart that nobody comes back to') }),
    output: cart,
    errors: { ...changeFailures, CART_EMPTY: { status: 422, title: 'Cart empty' } },
  }),
  mergeCart: operation({
    method: 'POST',
    path: '/carts/{cartId}/merge',
    title: 'Merge guest cart',
    description:
      'After sign-in: moves the lines of a guest’s cart into the customer’s newest open cart of that currency; without one, the guest’s cart becomes the customer’s. Quantities add up. Repeating it changes nothing.',
    access: { scope: 'orders:write', customer: true },
    input: z.object({
      cartId: cartId.describe('The guest’s cart'),
      customerId: id('cus')
        .optional()
        .describe('Customer whose cart it goes to, when staff or a journey merges; otherwise the signed-in customer'),
    }),
    output: cart,
    errors: {
      ...changeFailures,
      TOO_LARGE: failures.tooLarge,
      CUSTOMER_REQUIRED: { status: 422, title: 'Customer required' },
      CUSTOMER_NOT_FOUND: { status: 404, title: 'Customer not found' },
    },
  }),
} as const;
