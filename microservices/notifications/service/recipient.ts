import { Problem } from '../../chassis/problem.ts';
import { customersContract } from '../../customers/contract.ts';
import type { Context } from '../context.ts';
import type { Channel } from '../contract.ts';

/** Who a message goes to. */
export interface Recipient {
  customerId: string | null;
  email: string | null;
  name: string | null;
  locale: string | null;
}

const notFound = (error: unknown): undefined => {
  if (error instanceof Problem && error.status === 404) return undefined;
  throw error;
};

/**
 * A customer as a recipient; who was merged into another is reached as that one. Undefined when there is no such person
 * (any more).
 */
export const customerRecipient = async (
  { client }: Pick<Context, 'client'>,
  customerId: string,
): Promise<Recipient | undefined> => {
  const customers = client(customersContract);
  const customer = await customers.getCustomer({ customerId }).catch(notFound);
  if (!customer || customer.state === 'erased') return undefined;
  if (customer.mergedInto !== null && customer.mergedInto !== customerId)
    return customerRecipient({ client }, customer.mergedInto);
  return { customerId: customer.id, email: customer.email, name: customer.name, locale: customer.locale };
};

/**
 * True when marketing may be sent to a customer on a channel now. Guests without an account never agreed to anything.
 */
export const mayMarket = async (
  { client }: Pick<Context, 'client'>,
  customerId: string | null,
  channel: Channel,
): Promise<boolean> => {
  if (customerId === null) return false;
  const consent = await client(customersContract)
    .checkConsent({ customerId, purpose: 'marketing', channel })
    .catch(notFound);
  return consent?.granted ?? false;
};
