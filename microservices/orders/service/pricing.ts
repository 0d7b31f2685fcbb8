import type { Handlers } from '../../chassis/http/handlers.ts';
import type { Platform } from '../../chassis/service.ts';
import { Problem } from '../../chassis/problem.ts';
import { catalogContract } from '../../catalog/contract.ts';
import { customersContract } from '../../customers/contract.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import type { ordersContract } from '../contract.ts';
import type { WantedLine } from '../policy/cart.ts';

export type OrdersPlatform = Platform<typeof ordersContract>;
/** The handler of one operation. */
export type OrdersHandler<Name extends keyof Handlers<typeof ordersContract>> = Handlers<typeof ordersContract>[Name];
export type PriceAnswer = OutputOf<typeof catalogContract, 'resolvePrices'>;

/** What catalog answers in one call at most. */
const BATCH = 200;

export interface PriceQuestion {
  lines: readonly WantedLine[];
  currency: string;
  customerId: string | null;
}

/** Asks the catalogue what lines cost for a customer now; a customer's group may have prices of its own. */
export const createPricing = (platform: OrdersPlatform) => {
  const catalog = platform.client(catalogContract);
  const customers = platform.client(customersContract);

  /** Undefined for guests and customers without a group. Throws the 404 of customers. */
  const groupOf = async (customerId: string | null): Promise<string | undefined> =>
    customerId === null ? undefined : ((await customers.getCustomer({ customerId })).group ?? undefined);

  return async ({ lines, currency, customerId }: PriceQuestion): Promise<PriceAnswer> => {
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
export type Pricing = ReturnType<typeof createPricing>;

/** What handlers that ask for prices work with. */
export interface CartContext {
  platform: OrdersPlatform;
  pricing: Pricing;
}

export const isProblem = (error: unknown, code: string): error is Problem =>
  error instanceof Problem && error.code === code;

/** "A (unknown_sku), B (no_price)": what cannot be sold and why, for people. */
export const namesOf = (missing: readonly { sku: string; reason: string }[]): string =>
  missing
    .slice(0, 5)
    .map(({ sku, reason }) => `${sku} (${reason})`)
    .join(', ') + (missing.length > 5 ? ` and ${missing.length - 5} more` : '');
