import type { OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { catalogContract } from '../../catalog/contract.ts';
import { customersContract } from '../../customers/contract.ts';
import { inventoryContract } from '../../inventory/contract.ts';
import type { Context } from '../context.ts';
import type { Availability } from '../policy/availability.ts';
import type { WantedLine } from '../policy/cart.ts';

/** Prices and stock of lines as the catalog and inventory know them now. */
export type Prices = OutputOf<typeof catalogContract, 'resolvePrices'> & { stock: readonly Availability[] };

/** What prices and limits depend on in a customer. */
export interface Buyer {
  group: string | undefined;
  email: string | null;
}

interface PriceQuestion {
  lines: readonly WantedLine[];
  currency: string;
  customerId: string | null;
}

/** Asks the other services about lines and buyers. Throws the failures of catalog and customers. */
export interface Pricing {
  /** A customer's group may have prices of its own. A guest has no group. */
  buyer: (customerId: string | null) => Promise<Buyer>;
  /** Stock is left out when inventory cannot be reached: reserving asks it again. */
  prices: (question: PriceQuestion, buyer?: Buyer) => Promise<Prices>;
  /** One line at the price for everybody. Stock is left out: who sells an offer has reserved it. */
  listed: (line: WantedLine, currency: string) => Promise<Prices>;
}

/** Lines in one call at most. */
const BATCH = 200;

export const createPricing = (context: Context): Pricing => {
  const catalog = context.client(catalogContract);
  const customers = context.client(customersContract);
  const inventory = context.client(inventoryContract);

  const buyer: Pricing['buyer'] = async (customerId) => {
    if (customerId === null) return { group: undefined, email: null };
    const { group, email } = await customers.getCustomer({ customerId });
    return { group: group ?? undefined, email };
  };

  const stockOf = async (skus: string[]): Promise<readonly Availability[]> => {
    try {
      return (await inventory.getAvailability({ skus })).items;
    } catch (error) {
      if (error instanceof Problem && error.status < 500) throw error;
      context.log.warn({ err: error }, 'inventory cannot be reached: priced without stock');
      return [];
    }
  };

  return {
    buyer,
    listed: async ({ sku, quantity }, currency) => ({
      ...(await catalog.resolvePrices({ lines: [{ sku, quantity }], currency })),
      stock: [],
    }),
    prices: async ({ lines, currency, customerId }, known) => {
      if (lines.length === 0) return { lines: [], missing: [], stock: [] };
      const { group: customerGroup } = known ?? (await buyer(customerId));
      const batches = Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, index) =>
        lines.slice(index * BATCH, (index + 1) * BATCH).map(({ sku, quantity }) => ({ sku, quantity })),
      );
      const [prices, stock] = await Promise.all([
        Promise.all(
          batches.map((batch) =>
            catalog.resolvePrices({ lines: batch, currency, ...(customerGroup ? { customerGroup } : {}) }),
          ),
        ),
        Promise.all(batches.map((batch) => stockOf(batch.map(({ sku }) => sku)))),
      ]);
      return {
        lines: prices.flatMap((answer) => answer.lines),
        missing: prices.flatMap((answer) => answer.missing),
        stock: stock.flat(),
      };
    },
  };
};

/** Turns the 404 of customers into CART_NOT_FOUND: an erased customer's carts are deleted a moment later. */
export const orNoCart =
  (cartId: string, errors: { CART_NOT_FOUND: (detail: string) => Problem }) =>
  (error: unknown): never => {
    throw error instanceof Problem && error.code === 'CUSTOMER_NOT_FOUND'
      ? errors.CART_NOT_FOUND(`The customer of cart ${cartId} is gone, and the cart with them. Create a new one.`)
      : error;
  };

/** Turns the 404 of customers into CUSTOMER_NOT_FOUND; other failures are thrown on. */
export const orNoCustomer =
  (customerId: string | null, errors: { CUSTOMER_NOT_FOUND: (detail: string) => Problem }) =>
  (error: unknown): never => {
    throw error instanceof Problem && error.code === 'CUSTOMER_NOT_FOUND'
      ? errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId ?? ''}. List the customers to find the right id.`)
      : error;
  };
