import { randomBytes } from 'node:crypto';
import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { openShop, type Shop } from '../../microservices/orders/testing.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { allServices } from '../platform/services.ts';
import { startTestPlatform } from './platform.ts';

const PASSWORD = 'correct horse battery staple';

/** A shop in which every service runs, so that what is said of a person reaches all that keep it. */
export const openWholeShop = (environment: Record<string, string> = {}): Promise<Shop> =>
  openShop(({ environment: own, now }) =>
    startTestPlatform({ services: allServices, now, environment: { ...own, ...environment } }),
  );

export const freshEmail = (): string => `${randomBytes(6).toString('hex')}@example.com`;

/** Somebody who registered with an address and has not proved it. */
export const register = async ({ platform }: Shop, email: string, name = 'Ada Lovelace') => {
  const nobody = platform.client(customersContract, { credential: '' });
  const { customer, session } = await nobody.registerCustomer({ email, password: PASSWORD, name });
  return {
    id: customer.id,
    email,
    password: PASSWORD,
    self: platform.client(customersContract, { credential: session.accessToken }),
    orders: platform.client(ordersContract, { credential: session.accessToken }),
  };
};
export type Person = Awaited<ReturnType<typeof register>>;

/** Types in the code that the person got by mail. */
export const verify = async ({ platform }: Shop, { id: customerId, email, self }: Person): Promise<void> => {
  const inbox = platform.client(notificationsContract);
  const { items } = await untilWithin(20_000)(
    'the code comes',
    () => inbox.listDevInbox({ to: email, template: 'verify-email' }),
    (found) => found.items.length > 0,
  );
  const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(items[0]?.text ?? '')?.[0] ?? '';
  await self.confirmVerification({ customerId, code });
};
