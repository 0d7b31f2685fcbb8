import { randomUUID } from 'node:crypto';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { createClient } from '../../microservices/chassis/client.ts';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import { newId } from '../../microservices/chassis/ids.ts';
import { tally } from '../../microservices/chassis/testing/tally.ts';
import { until, untilWithin } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { orders } from '../../microservices/orders/index.ts';
import { paymentsContract } from '../../microservices/payments/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { startTwin } from './twin.ts';

// Two processes: one has the sessions, the other the money and the orders.
let sessions: TestPlatform;
let money: Awaited<ReturnType<typeof startTwin>>;
const NOWHERE = 'http://127.0.0.1:9';
const elsewhere = (contracts: readonly Contract[], url: string) => contracts.map((contract) => ({ contract, url }));
const moneyHere = () => ({
  services: [wallet, orders],
  remote: [
    ...elsewhere([customersContract, notificationsContract], sessions.url),
    ...elsewhere([catalogContract, inventoryContract, paymentsContract], NOWHERE),
  ],
});

beforeAll(async () => {
  sessions = await startTestPlatform({
    services: [customers, notifications],
    remote: elsewhere([walletContract, ordersContract, paymentsContract, catalogContract, inventoryContract], NOWHERE),
    environment: { ERASURE_SERVICES: 'orders' },
  });
  money = await startTwin(sessions, moneyHere());
});
afterAll(async () => {
  await money.stop();
  await sessions.stop();
});

const staff = () => sessions.client(customersContract);
const people = (token: string) => sessions.client(customersContract, { credential: token });
const spending = (credential: string, url = money.url) => createClient(walletContract, { url, credential });
const shopping = (credential: string) => createClient(ordersContract, { url: money.url, credential });
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const SHOP = 'shop-berlin';
const password = 'correct horse battery';

/** Somebody with money who has just signed up. */
const buyer = async (amount = 100) => {
  const email = `${randomUUID()}@example.org`;
  const { customer, session } = await people('').registerCustomer({ email, password });
  await spending(sessions.adminKey).topUp({ ownerId: customer.id, amount: eur(amount), reference: customer.id });
  const pay = (token = session.accessToken) =>
    spending(token).transfer({ fromOwnerId: customer.id, toOwnerId: SHOP, amount: eur(1), reference: 'x' });
  return { id: customer.id, email, token: session.accessToken, session, pay };
};
type Buyer = Awaited<ReturnType<typeof buyer>>;

const balanceOf = async (ownerId: string): Promise<number | undefined> =>
  (await spending(sessions.adminKey).getBalance({ ownerId, currency: 'EUR' })).items[0]?.balance;

const mailed = async (to: string): Promise<string> => {
  const texts = async () =>
    (await sessions.client(notificationsContract).listDevInbox({ to, template: 'reset-password' })).items;
  await until(async () => (await texts()).length > 0);
  return /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec((await texts())[0]?.text ?? '')?.[0] ?? '';
};

const ENDS: Record<string, (who: Buyer) => Promise<unknown>> = {
  'sign out': ({ token }) => people(token).signOut({}),
  'sign out everywhere': ({ token }) => people(token).signOut({ everywhere: true }),
  'a session ended by staff': ({ session }) => staff().endSession({ sessionId: session.sessionId }),
  'a disabled customer': ({ id }) => staff().disableCustomer({ customerId: id }),
  'an erased customer': ({ id }) => staff().eraseCustomer({ customerId: id }),
  'a customer merged into another': async ({ id }) =>
    staff().mergeCustomers({ customerId: (await buyer()).id, fromCustomerId: id }),
  'a password reset': async ({ id, email, token }) => {
    const verify = async () =>
      (await sessions.client(notificationsContract).listDevInbox({ to: email, template: 'verify-email' })).items;
    await until(async () => (await verify()).length > 0);
    const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec((await verify())[0]?.text ?? '')?.[0] ?? '';
    await people(token).confirmVerification({ customerId: id, code });
    const { codeId } = await people('').requestPasswordReset({ email });
    await people('').confirmPasswordReset({ codeId, code: await mailed(email), newPassword: 'another good phrase' });
  },
};

describe.each(Object.keys(ENDS))('after %s', (how) => {
  test('the old token is refused at once where money moves and where personal data is read, in every process', async () => {
    const who = await buyer();
    await ENDS[how]?.(who);
    const { id: customerId, token, pay } = who;
    const outcomes = await tally([
      pay(),
      spending(token).getBalance({ ownerId: customerId, currency: 'EUR' }),
      shopping(token).listOrders({}),
      shopping(token).placeOrder({ quoteId: newId('quo') }),
      people(token).exportCustomer({ customerId }),
      people(token).getCustomer({ customerId }),
    ]);
    expect(outcomes).toEqual({ UNAUTHENTICATED: 6 });
    expect(await balanceOf(customerId)).toBe(100);
  });

  test('every other process learns it, so that nothing public works with the token either', async () => {
    const who = await buyer();
    await shopping(who.token).createCart({ currency: 'EUR' });
    await ENDS[how]?.(who);
    const cart = () => tally([shopping(who.token).createCart({ currency: 'EUR' })]);
    await until(async () => (await cart())['UNAUTHENTICATED'] === 1);
    expect(await tally(Array.from({ length: 20 }, () => shopping(who.token).createCart({ currency: 'EUR' })))).toEqual({
      UNAUTHENTICATED: 20,
    });
  });
});

test('of transfers that race with the sign-out none is half done, and none comes after it', async () => {
  const { id, token, pay } = await buyer();
  const racing = tally(Array.from({ length: 50 }, () => pay()));
  await people(token).signOut({ everywhere: true });
  const { OK: paid = 0, UNAUTHENTICATED: refused = 0, ...others } = await racing;
  expect([paid + refused, others]).toEqual([50, {}]);
  await until(async () => (await tally([pay()]))['UNAUTHENTICATED'] === 1);
  const left = await balanceOf(id);
  expect(await tally(Array.from({ length: 20 }, () => pay()))).toEqual({ UNAUTHENTICATED: 20 });
  expect(await balanceOf(id)).toBe(left);
});

test('a process that starts after the end knows it too', async () => {
  const { token } = await buyer();
  await people(token).signOut({});
  await sessions.waitForEvent('session.ended', ({ subject }) => subject !== '');
  const late = await startTwin(sessions, moneyHere());
  try {
    const cart = () =>
      createClient(ordersContract, { url: late.url, credential: token }).createCart({ currency: 'EUR' });
    expect(await tally([cart()])).toEqual({ UNAUTHENTICATED: 1 });
  } finally {
    await late.stop();
  }
});

test('other sessions of the same person go on', async () => {
  const { id, token } = await buyer();
  const { session } = await people('').createGuest({});
  await people(token).signOut({});
  expect(
    await tally([spending(session.accessToken).getBalance({ ownerId: session.customerId, currency: 'EUR' })]),
  ).toEqual({ OK: 1 });
  expect(id).not.toBe(session.customerId);
});

test('a revoked key is refused by a process that used it a moment ago', async () => {
  const { id, key } = await staff().createApiKey({ name: 'till', scopes: ['wallet:read'] });
  const look = () => tally([spending(key).listAccounts({})]);
  expect(await look()).toEqual({ OK: 1 });
  await staff().revokeApiKey({ keyId: id });
  await sessions.waitForEvent('api_key.revoked', ({ subject }) => subject === id);
  // Remembered keys are looked up again after ten seconds; this one is known to have ended long before.
  await untilWithin(8_000)('the key is refused', look, (outcome) => outcome['UNAUTHENTICATED'] === 1);
});
