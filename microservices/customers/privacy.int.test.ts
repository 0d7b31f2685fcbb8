import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { codeIn, freshEmail, openMailbox, PASSWORD, problemOf, type Mailbox } from './testing.ts';

let platform: TestPlatform;
let mailbox: Mailbox;

const staff = () => platform.client(customersContract);
const nobody = () => platform.client(customersContract, { credential: '' });
const as = (session: { accessToken: string }) =>
  platform.client(customersContract, { credential: session.accessToken });

beforeAll(async () => {
  mailbox = await openMailbox(async (customerId) => (await staff().getCustomer({ customerId })).email);
  platform = await startTestPlatform({
    services: [customers],
    remote: [ordersContract, notificationsContract, fraudContract].map((contract) => ({ contract, url: mailbox.url })),
  });
});
afterAll(async () => {
  await platform.stop();
  await mailbox.close();
});

const home = { name: 'Ada Lovelace', line1: 'Ockham Park 1', city: 'London', postalCode: 'GU23 6NQ', country: 'GB' };
const marketing = { purpose: 'marketing', channel: 'email' } as const;

/** A person with everything that can be known about one. */
const knownPerson = async () => {
  const email = freshEmail();
  const { customer, session } = await nobody().registerCustomer({
    email,
    password: PASSWORD,
    name: 'Ada Lovelace',
    country: 'GB',
  });
  const customerId = customer.id;
  await as(session).confirmVerification({ customerId, code: codeIn(await mailbox.to(email)).code });
  await as(session).addAddress({ customerId, ...home }, { idempotencyKey: `address-${customerId}` });
  await as(session).setConsent({ customerId, ...marketing, granted: true, source: 'checkout' });
  await staff().setTags({ customerId, tags: ['vip'] });
  return { email, customerId, session };
};

describe('merging', () => {
  test('a guest’s things move into the account, the account’s own decisions stay', async () => {
    const { customerId, session } = await knownPerson();
    const guest = await nobody().createGuest({ phone: '+4915112345678', currency: 'GBP' });
    await as(guest.session).addAddress({ customerId: guest.customer.id, ...home, line1: 'Holiday 9' });
    await as(guest.session).setConsent({ customerId: guest.customer.id, ...marketing, granted: false });
    await as(guest.session).setConsent({
      customerId: guest.customer.id,
      purpose: 'marketing',
      channel: 'sms',
      granted: true,
    });
    await staff().setTags({ customerId: guest.customer.id, tags: ['summer', 'vip'] });

    const merged = await as(session).mergeCustomers({
      customerId,
      fromCustomerId: guest.customer.id,
      fromRefreshToken: guest.session.refreshToken,
    });
    expect(merged).toMatchObject({
      id: customerId,
      name: 'Ada Lovelace',
      phone: '+4915112345678',
      phoneVerified: false,
      currency: 'GBP',
      tags: ['summer', 'vip'],
    });
    const { items } = await as(session).listAddresses({ customerId });
    expect(items.map(({ line1, defaultShipping }) => [line1, defaultShipping])).toEqual([
      [home.line1, true],
      ['Holiday 9', false],
    ]);
    expect(await staff().checkConsent({ customerId, ...marketing })).toMatchObject({ granted: true });
    expect(await staff().checkConsent({ customerId, purpose: 'marketing', channel: 'sms' })).toMatchObject({
      granted: true,
    });
    expect(await staff().getCustomer({ customerId: guest.customer.id })).toMatchObject({
      state: 'merged',
      mergedInto: customerId,
      phone: null,
    });
    expect((await problemOf(nobody().refreshSession({ refreshToken: guest.session.refreshToken }))).status).toBe(401);
    const event = await platform.waitForEvent('customer.merged', ({ subject }) => subject === customerId);
    expect(event.data).toEqual({ customerId, mergedCustomerId: guest.customer.id });
  });

  test('needs proof: nobody takes over a stranger', async () => {
    const { customerId, session } = await knownPerson();
    const guest = await nobody().createGuest({});
    const merge = (fromRefreshToken?: string) =>
      as(session).mergeCustomers({ customerId, fromCustomerId: guest.customer.id, fromRefreshToken });
    for (const token of [undefined, 'fcr_nonsense', session.refreshToken])
      expect((await problemOf(merge(token))).code).toBe('NOT_THE_OWNER');
    const stranger = as(guest.session).mergeCustomers({
      customerId,
      fromCustomerId: guest.customer.id,
      fromRefreshToken: guest.session.refreshToken,
    });
    expect((await problemOf(stranger)).status).toBe(404);
    expect(await staff().getCustomer({ customerId: guest.customer.id })).toMatchObject({ state: 'active' });
  });

  test('staff merge duplicates; what ended cannot be merged or changed again', async () => {
    const [first, second] = [await knownPerson(), await knownPerson()];
    await staff().mergeCustomers({ customerId: first.customerId, fromCustomerId: second.customerId });
    const again = { customerId: first.customerId, fromCustomerId: second.customerId };
    expect(await problemOf(staff().mergeCustomers(again))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'merged', allowed: ['erase'] },
    });
    expect((await problemOf(staff().updateCustomer({ customerId: second.customerId, name: 'X' }))).code).toBe(
      'ILLEGAL_STATE',
    );
    expect(
      (await problemOf(staff().mergeCustomers({ customerId: first.customerId, fromCustomerId: first.customerId })))
        .code,
    ).toBe('SAME_CUSTOMER');
    expect((await problemOf(nobody().signIn({ email: second.email, password: PASSWORD }))).status).toBe(401);
    // The second address is nobody's now: it can be used again.
    await staff().createCustomer({ email: second.email, emailVerified: true });
  });

  test('two merges into each other at the same moment: one happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [left, right] = [
        await staff().createCustomer({ email: freshEmail() }),
        await staff().createCustomer({ email: freshEmail() }),
      ];
      const outcomes = await Promise.allSettled([
        staff().mergeCustomers({ customerId: left.id, fromCustomerId: right.id }),
        staff().mergeCustomers({ customerId: right.id, fromCustomerId: left.id }),
      ]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('access', () => {
  test('an export holds everything about the person and no secret', async () => {
    const { customerId, session, email } = await knownPerson();
    const data = await as(session).exportCustomer({ customerId });
    expect(data).toMatchObject({
      customer: { id: customerId, email, name: 'Ada Lovelace', tags: ['vip'] },
      addresses: [{ line1: home.line1 }],
      consents: [{ ...marketing, granted: true, source: 'checkout' }],
      sessions: [{ ended: null }],
      mergedCustomers: [],
    });
    expect(JSON.stringify(data)).not.toMatch(/argon2|fcr_|refresh/);
    const { session: stranger } = await nobody().createGuest({});
    expect((await problemOf(as(stranger).exportCustomer({ customerId }))).status).toBe(404);
  });
});

/** Names of the tables in which the address, or the street of this customer, stands. */
const tablesThatKnow = async (email: string, customerId: string): Promise<string[]> => {
  const database = platform.database('customers');
  const tables = await database.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'customers'`,
  );
  expect(tables.length).toBeGreaterThan(15);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.rows(
      `SELECT 1 FROM ${name} t WHERE t::text ILIKE '%' || $1 || '%' OR t::text ILIKE '%ockham park 1%' AND t::text LIKE '%' || $2 || '%'`,
      [email, customerId],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
};

describe('erasure', () => {
  test('deletes the person at once; the address stays for other services until all have erased, then no table knows it', async () => {
    const { customerId, session, email } = await knownPerson();
    expect((await problemOf(as(session).eraseCustomer({ customerId }))).code).toBe('WRONG_PASSWORD');
    expect((await problemOf(as(session).eraseCustomer({ customerId, password: 'not the password' }))).code).toBe(
      'WRONG_PASSWORD',
    );
    const erasure = await as(session).eraseCustomer({ customerId, password: PASSWORD });
    expect(erasure).toMatchObject({ customerId, state: 'requested', requestedBy: 'customer' });

    expect(await staff().getCustomer({ customerId })).toMatchObject({
      state: 'erased',
      email: null,
      name: null,
      country: null,
      tags: [],
    });
    expect(await tablesThatKnow(email, customerId)).toEqual(['erasure']);
    expect(await staff().getErasureAddresses({ customerId })).toEqual({ emails: [email] });
    for (const service of ['orders', 'notifications', 'fraud'])
      await staff().acknowledgeErasure({ customerId, service });
    expect(await tablesThatKnow(email, customerId)).toEqual([]);
    expect(await staff().getErasureAddresses({ customerId })).toEqual({ emails: [] });
    expect((await problemOf(nobody().signIn({ email, password: PASSWORD }))).status).toBe(401);
    expect((await problemOf(nobody().refreshSession({ refreshToken: session.refreshToken }))).status).toBe(401);
    expect((await staff().listConsentHistory({ customerId })).items).toEqual([]);
    expect(await staff().checkConsent({ customerId, ...marketing })).toMatchObject({
      granted: false,
      reason: 'customer_not_active',
    });
    // The address is free: the same person may come back as somebody new.
    await staff().createCustomer({ email, emailVerified: true });
  });

  test('events ask every service and tell when the last one is done', async () => {
    const { customerId } = await knownPerson();
    await staff().eraseCustomer({ customerId });
    const asked = await platform.waitForEvent('customer.erase_requested', ({ subject }) => subject === customerId);
    expect(asked.data).toMatchObject({ customerId, alsoKnownAs: [], services: ['orders', 'notifications', 'fraud'] });
    expect(
      (await staff().getErasure({ customerId })).services.map(({ service, acknowledgedAt }) => [
        service,
        acknowledgedAt !== null,
      ]),
    ).toEqual([
      ['customers', true],
      ['fraud', false],
      ['notifications', false],
      ['orders', false],
    ]);
    const waiting = async () =>
      (await staff().listErasures({ state: 'requested', waitingFor: 'orders', limit: 200 })).items.map(
        (one) => one.customerId,
      );
    expect(await waiting()).toContain(customerId);
    await staff().acknowledgeErasure({ customerId, service: 'orders' });
    await staff().acknowledgeErasure({ customerId, service: 'fraud' });
    const repeated = await staff().acknowledgeErasure({ customerId, service: 'orders' });
    expect(repeated.state).toBe('requested');
    expect(await waiting()).not.toContain(customerId);
    expect(await staff().acknowledgeErasure({ customerId, service: 'notifications' })).toMatchObject({
      state: 'completed',
    });
    await staff().acknowledgeErasure({ customerId, service: 'notifications' });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    expect(
      platform.events('customers').filter(({ subject, type }) => subject === customerId && type === 'customer.erased'),
    ).toHaveLength(1);
  });

  test('asked again, even ten times at once, is one request', async () => {
    const { customerId } = await knownPerson();
    const answers = await Promise.all(Array.from({ length: 10 }, () => staff().eraseCustomer({ customerId })));
    expect(new Set(answers.map(({ requestedAt }) => requestedAt)).size).toBe(1);
    await platform.waitForEvent('customer.erase_requested', ({ subject }) => subject === customerId);
    await staff().eraseCustomer({ customerId });
    expect(
      platform
        .events('customers')
        .filter(({ subject, type }) => subject === customerId && type === 'customer.erase_requested'),
    ).toHaveLength(1);
  });

  test('names the ids of customers that were merged in, so that others find what belonged to them', async () => {
    const { customerId } = await knownPerson();
    const [first, second] = [await nobody().createGuest({}), await nobody().createGuest({})];
    await staff().mergeCustomers({ customerId: second.customer.id, fromCustomerId: first.customer.id });
    await staff().mergeCustomers({ customerId, fromCustomerId: second.customer.id });
    await staff().eraseCustomer({ customerId });
    const asked = await platform.waitForEvent('customer.erase_requested', ({ subject }) => subject === customerId);
    expect(asked.data).toMatchObject({ alsoKnownAs: [first.customer.id, second.customer.id] });
  });

  test('a stranger cannot ask for it, and nobody can ask about one that was not asked for', async () => {
    const { customerId } = await knownPerson();
    const { session } = await nobody().createGuest({});
    expect((await problemOf(as(session).eraseCustomer({ customerId }))).status).toBe(404);
    expect((await problemOf(staff().getErasure({ customerId }))).code).toBe('ERASURE_NOT_FOUND');
    expect((await problemOf(staff().acknowledgeErasure({ customerId, service: 'orders' }))).code).toBe(
      'ERASURE_NOT_FOUND',
    );
  });

  test('requests are listed oldest first, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await staff().listErasures({ limit: 2, cursor });
      seen.push(...page.items.map(({ requestedAt }) => requestedAt));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.toSorted()).toEqual(seen);
  });
});
