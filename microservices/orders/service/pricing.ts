import type { OutputOf } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { catalogContract } from '../../catalog/contract.ts';
import { customersContract } from '../../customers/contract.ts';
import type { Context } from '../context.ts';
import type { WantedLine } from '../policy/cart.ts';

export type Prices = OutputOf<typeof catalogContract, 'resolvePrices'>;

/** Lines in one call to the catalog at most. */
const BATCH = 200;

interface PriceQuestion {
  lines: readonly WantedLine[];
  currency: string;
  customerId: string | null;
}

/** Asks the catalog what lines cost a customer now; a customer's group may have prices of its own. Throws the catalog's and customers' failures. */
export type Pricing = (question: PriceQuestion) => Promise<Prices>;

export const createPricing = (context: Context): Pricing => {
  const catalog = context.client(catalogContract);
  const customers = context.client(customersContract);

  /** Undefined for guests and customers without a group. */
  const groupOf = async (customerId: string | null): Promise<string | undefined> =>
    customerId === null ? undefined : ((await customers.getCustomer({ customerId })).group ?? undefined);

  return async ({ lines, currency, customerId }) => {
    if (lines.length === 0) return { lines: [], missing: [] };
    const customerGroup = await groupOf(customerId);
    const batches = Array.from({ length: Math.ceil(lines.length / BATCH) }, (_, index) =>
      lines.slice(index * BATCH, (index + 1) * BATCH),
    );
    const answers = await Promise.all(
      batches.map((batch) =>
        catalog.resolvePrices({ lines: batch, currency, ...(customerGroup ? { customerGroup } : {}) }),
      ),
    );
    return { lines: answers.flatMap((answer) => answer.lines), missing: answers.flatMap((answer) => answer.missing) };
  };
};

/** Turns the 404 of customers into CUSTOMER_NOT_FOUND; other failures are thrown on. */
export const orNoCustomer =
  (customerId: string | null, errors: { CUSTOMER_NOT_FOUND: (detail: string) => Problem }) =>
  (error: unknown): never => {
    throw error instanceof Problem && error.code === 'CUSTOMER_NOT_FOUND'
      ? errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId ?? ''}. List the customers to find the right id.`)
      : error;
  };
