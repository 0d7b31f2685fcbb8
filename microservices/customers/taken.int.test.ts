import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { notificationsContract } from '../notifications/contract.ts';
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
    remote: [{ contract: notificationsContract, url: mailbox.url }],
  });
});
afterAll(async () => {
  await platform.stop();
  await mailbox.close();
});

let numbers = 0;
const freshPhone = (): string => `+49309${String(1_000_000 + (numbers += 1))}`;

/** A guest whose number staff have confirmed, although it signs in an account already. */
const guestWithTakenPhone = async () => {
  const phone = freshPhone();
  await staff().createCustomer({ phone, phoneVerified: true });
  const { customer, session } = await nobody().createGuest({ phone });
  await staff().confirmPhone({ customerId: customer.id, phone });
  return { customerId: customer.id, session, phone };
};

describe('a phone number that signs in another customer', () => {
  test('a guest who registers with it is refused with 409 and stays a guest', async () => {
    const { customerId, session, phone } = await guestWithTakenPhone();
    const email = freshEmail();
    const problem = await problemOf(as(session).upgradeGuest({ customerId, email, password: PASSWORD }));
    expect(problem).toMatchObject({ status: 409, code: 'PHONE_TAKEN' });
    expect(problem.message).toContain(phone);
    expect(await staff().getCustomer({ customerId })).toMatchObject({ kind: 'guest', email: null });
    await staff().updateCustomer({ customerId, phone: null });
    await as(session).upgradeGuest({ customerId, email, password: PASSWORD });
  });

  test('ten guests who register with one number at once: one is registered, nine get 409', async () => {
    const phone = freshPhone();
    const guests = await Promise.all(Array.from({ length: 10 }, () => nobody().createGuest({ phone })));
    for (const { customer } of guests) await staff().confirmPhone({ customerId: customer.id, phone });
    const outcomes = await Promise.all(
      guests.map(({ customer, session }) =>
        as(session)
          .upgradeGuest({ customerId: customer.id, email: freshEmail(), password: PASSWORD })
          .then(
            () => 'registered',
            ({ code }: { code?: string }) => code,
          ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'registered')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'PHONE_TAKEN')).toHaveLength(9);
  });

  test('staff who create ten customers with it at once get one customer and nine 409', async () => {
    const phone = freshPhone();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => staff().createCustomer({ phone, phoneVerified: true })),
    );
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toHaveLength(9);
    for (const problem of refused) expect(problem).toMatchObject({ status: 409, code: 'PHONE_TAKEN' });
  });
});

test('an address that two people prove at once signs in one of them; the other gets 409', async () => {
  const email = freshEmail();
  const people = await Promise.all([1, 2].map(() => nobody().registerCustomer({ email, password: PASSWORD })));
  await mailbox.to(email, 2);
  const codes = mailbox.letters.filter((letter) => letter.email === email);
  const outcomes = await Promise.allSettled(
    people.map(({ customer, session }) => {
      const letter = codes.find(({ customerId }) => customerId === customer.id);
      if (!letter) throw new Error('No code was sent');
      return as(session).confirmVerification({ customerId: customer.id, code: codeIn(letter).code });
    }),
  );
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(refused).toMatchObject([{ status: 409, code: 'EMAIL_TAKEN' }]);
});

describe('customers that staff and imports create with one e-mail address', () => {
  test('ten at once and one later: one is created, the others are refused and name it', async () => {
    const email = freshEmail();
    const create = () => staff().createCustomer({ email });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, create));
    const ids = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    expect(ids).toHaveLength(1);
    const refused = await problemOf(create());
    expect(refused).toMatchObject({ status: 409, code: 'EMAIL_TAKEN' });
    expect(refused.message).toContain(ids[0]);
    const duplicate = await staff().createCustomer({ email, allowDuplicateEmail: true });
    expect(duplicate.id).not.toBe(ids[0]);
  });

  test('find-or-create: ten at once and one in other letters are one customer, which stays as it is', async () => {
    const email = freshEmail();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => staff().findOrCreateCustomer({ email, name: 'Ada' })),
    );
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(outcomes.map(({ customer }) => customer.id)).size).toBe(1);
    const again = await staff().findOrCreateCustomer({ email: email.toUpperCase(), name: 'Eve', tags: ['new'] });
    expect(again).toEqual({ customer: outcomes[0]?.customer, created: false });
    await platform.waitForEvent('customer.registered', ({ subject }) => subject === again.customer.id);
    expect((await staff().listCustomers({ email })).items).toHaveLength(1);
  });

  test('find-or-create takes no account for somebody’s whose address nobody has verified', async () => {
    const email = freshEmail();
    const stranger = await nobody().registerCustomer({ email, password: PASSWORD });
    const { customer, created } = await staff().findOrCreateCustomer({ email });
    expect([customer.id === stranger.customer.id, created]).toEqual([false, true]);
    const { code } = codeIn(await mailbox.to(email));
    await as(stranger.session).confirmVerification({ customerId: stranger.customer.id, code });
    expect(await staff().findOrCreateCustomer({ email })).toMatchObject({
      customer: { id: stranger.customer.id },
      created: false,
    });
    expect((await problemOf(staff().createCustomer({ email }))).code).toBe('EMAIL_TAKEN');
  });
});

test('every unique index is one of these: a new one needs its failure and its test', async () => {
  const rows = await platform.database('customers').rows<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND indisunique AND NOT indisprimary ORDER BY 1`,
  );
  expect(rows.map(({ name }) => name.replace(/^.*\./, ''))).toEqual([
    // Kept by the lock of the customer's row.
    'address_default_billing',
    'address_default_shipping',
    // The hash of 32 random bytes.
    'api_key_hash_key',
    'customer_login_email',
    'customer_login_phone',
  ]);
});
