import { setTimeout as sleep } from 'node:timers/promises';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

let platform: TestPlatform;
const customersApi = (credential?: string) => platform.client(customersContract, { credential });
const notificationsApi = () => platform.client(notificationsContract);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [customers, notifications],
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
    environment: { ERASURE_SERVICES: 'notifications' },
  });
});
afterAll(() => platform.stop());

/** The messages in the development inbox for an address, waiting up to 30 s for the first. */
const mailTo = async (to: string, template: string): Promise<string> => {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const { items } = await notificationsApi().listDevInbox({ to, template });
    if (items[0]) return items[0].text;
    await sleep(100);
  }
  throw new Error(`No ${template} for ${to} came within 30 s.`);
};

const password = 'correct horse battery';

test('an account opens with the code of its mail, a second one with the same address does not', async () => {
  const email = 'ada@example.org';
  const { customer, session } = await customersApi('').registerCustomer({ email, password, locale: 'de-DE' });
  const text = await mailTo(email, 'verify-email');
  expect(text).toContain('E-Mail-Adresse');
  const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(text)?.[0] ?? '';
  await customersApi(session.accessToken).confirmVerification({ customerId: customer.id, code });
  expect((await customersApi('').signIn({ email, password })).customerId).toBe(customer.id);

  await customersApi('').registerCustomer({ email, password });
  expect(await mailTo(email, 'account-exists')).not.toMatch(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/);
  const { codeId } = await customersApi('').requestPasswordReset({ email });
  const reset = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(await mailTo(email, 'reset-password'))?.[0] ?? '';
  await customersApi('').confirmPasswordReset({ codeId, code: reset, newPassword: 'another good phrase' });
  expect((await customersApi('').signIn({ email, password: 'another good phrase' })).customerId).toBe(customer.id);
  expect(JSON.stringify([...platform.events('customers'), ...platform.events('notifications')])).not.toContain(email);
});

test('an erased person is erased in the next service too, and the request shows it', async () => {
  const email = 'grace@example.org';
  const { customer, session } = await customersApi('').registerCustomer({ email, password });
  await mailTo(email, 'verify-email');
  await customersApi(session.accessToken).eraseCustomer({ customerId: customer.id, password });
  await platform.waitForEvent('customer.erased', ({ subject }) => subject === customer.id);
  expect(await customersApi().getErasure({ customerId: customer.id })).toMatchObject({
    state: 'completed',
    services: [
      { service: 'customers', acknowledgedAt: expect.any(String) as string },
      { service: 'notifications', acknowledgedAt: expect.any(String) as string },
    ],
  });
});
