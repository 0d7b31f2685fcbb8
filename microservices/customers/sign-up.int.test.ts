import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { CommerceEvent } from '../chassis/events/envelope.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { codeIn, freshEmail, notThe, openMailbox, PASSWORD, problemOf, type Mailbox } from './testing.ts';

let platform: TestPlatform;
let mailbox: Mailbox;
let ahead = 0;

const staff = () => platform.client(customersContract);
const nobody = () => platform.client(customersContract, { credential: '' });
const as = (session: { accessToken: string }) =>
  platform.client(customersContract, { credential: session.accessToken });
const about = (subject: string): CommerceEvent[] =>
  platform.events('customers').filter((event) => event.subject === subject);

beforeAll(async () => {
  mailbox = await openMailbox(async (customerId) => (await staff().getCustomer({ customerId })).email);
  platform = await startTestPlatform({
    services: [customers],
    remote: [{ contract: notificationsContract, url: mailbox.url }],
    now: () => new Date(Date.now() + ahead),
  });
});
afterAll(async () => {
  await platform.stop();
  await mailbox.close();
});
afterEach(() => {
  ahead = 0;
});

const CODE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
const register = (email = freshEmail()) =>
  nobody().registerCustomer({ email, password: PASSWORD, name: 'Ada', locale: 'de-DE', country: 'DE' });

const registerVerified = async (email = freshEmail()) => {
  const { customer, session } = await register(email);
  const { code } = codeIn(await mailbox.to(email));
  return { customer: await as(session).confirmVerification({ customerId: customer.id, code }), session };
};

describe('registering', () => {
  test('opens an unverified account, signs it in, and mails a code', async () => {
    const email = freshEmail();
    const { customer, session } = await register(email);
    expect(customer).toMatchObject({
      kind: 'registered',
      state: 'active',
      email,
      emailVerified: false,
      name: 'Ada',
      locale: 'de-DE',
    });
    expect(await as(session).getCustomer({ customerId: customer.id })).toEqual(customer);
    const letter = await mailbox.to(email);
    expect(letter).toMatchObject({ template: 'verify-email', locale: 'de-DE', purpose: 'transactional' });
    // Named by the customer, so that it is forgotten with the customer.
    expect(letter.customerId).toBe(customer.id);
    expect(codeIn(letter).code).toMatch(CODE);
  });

  test('gives a token of a guest until an address is confirmed', async () => {
    const isGuest = ({ accessToken }: { accessToken: string }): unknown => decodeJwt(accessToken)['guest'];
    const { session } = await registerVerified();
    expect(isGuest(session)).toBe(true);
    expect(isGuest((await nobody().createGuest({ locale: 'en' })).session)).toBe(true);
    expect(isGuest(await nobody().refreshSession({ refreshToken: session.refreshToken }))).toBeUndefined();
    const unconfirmed = await register();
    const { refreshToken } = unconfirmed.session;
    expect(isGuest(await nobody().refreshSession({ refreshToken }))).toBe(true);
  });

  test('the code verifies the address, which then signs in', async () => {
    const email = freshEmail();
    const { customer } = await registerVerified(email);
    expect(customer.emailVerified).toBe(true);
    const session = await nobody().signIn({ email, password: PASSWORD });
    expect(session.customerId).toBe(customer.id);
    await platform.waitForEvent('customer.verified', (event) => event.subject === customer.id);
  });

  test('before that it does not', async () => {
    const email = freshEmail();
    await register(email);
    expect(await problemOf(nobody().signIn({ email, password: PASSWORD }))).toMatchObject({
      status: 401,
      code: 'INVALID_CREDENTIALS',
    });
  });

  test('of an address that has an account answers the same, and its owner gets a mail that says so and no code', async () => {
    const email = freshEmail();
    const { customer: owner } = await registerVerified(email);
    const { customer, session } = await register(email);
    const fresh = await register();
    expect(Object.keys(customer)).toEqual(Object.keys(fresh.customer));
    expect(customer).toMatchObject({ emailVerified: false, email });
    expect(customer.id).not.toBe(owner.id);
    const letter = await mailbox.to(email, 2);
    expect(letter).toMatchObject({ template: 'account-exists', data: {}, customerId: owner.id });
    expect((await problemOf(as(session).confirmVerification({ customerId: customer.id, code: '123456' }))).code).toBe(
      'WRONG_CODE',
    );
    expect((await nobody().signIn({ email, password: PASSWORD })).customerId).toBe(owner.id);
  });

  test('of the same address by two people: who reads the mail gets it, the other’s password stays outside', async () => {
    const email = freshEmail();
    const attacker = await nobody().registerCustomer({ email, password: 'the attacker knows this' });
    const { code: attackersCode } = codeIn(await mailbox.to(email, 1));
    const victim = await register(email);
    const { code } = codeIn(await mailbox.to(email, 2));
    // The attacker's letter typed into the victim's page proves nothing.
    if (attackersCode !== code) {
      const wrong = as(victim.session).confirmVerification({ customerId: victim.customer.id, code: attackersCode });
      expect((await problemOf(wrong)).code).toBe('WRONG_CODE');
    }
    await as(victim.session).confirmVerification({ customerId: victim.customer.id, code });
    expect((await problemOf(nobody().signIn({ email, password: 'the attacker knows this' }))).code).toBe(
      'INVALID_CREDENTIALS',
    );
    const late = as(attacker.session).confirmVerification({ customerId: attacker.customer.id, code: attackersCode });
    expect((await problemOf(late)).code).toBe('EMAIL_TAKEN');
  });

  test('with a weak password is refused in words, and nothing is written', async () => {
    const email = freshEmail();
    const problem = await problemOf(nobody().registerCustomer({ email, password: 'aaaaaaaaaaaa' }));
    expect(problem).toMatchObject({ status: 422, code: 'WEAK_PASSWORD' });
    expect((await staff().listCustomers({ email })).items).toEqual([]);
  });

  test('floods no mailbox: five codes an hour to one address', async () => {
    const email = freshEmail();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => register(email)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const problem = await problemOf(register(email));
    expect(problem).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
    expect(problem.headers['retry-after']).toMatch(/^[0-9]+$/);
    ahead = 61 * 60_000;
    await register(email);
  });

  test('says what happened in events, without saying who', async () => {
    const email = freshEmail();
    const { customer, session } = await register(email);
    await platform.waitForEvent('session.started', (event) => event.subject === customer.id);
    expect(about(customer.id).map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: 'customer.registered',
        data: { customerId: customer.id, wasGuest: false, country: 'DE', locale: 'de-DE', group: null },
      },
      { type: 'session.started', data: { customerId: customer.id, sessionId: session.sessionId, by: 'registration' } },
    ]);
  });
});

describe('codes', () => {
  test('five wrong tries end a code, even when they come at once', async () => {
    const email = freshEmail();
    const { customer, session } = await register(email);
    const { code } = codeIn(await mailbox.to(email));
    const tries = await Promise.all(
      Array.from({ length: 20 }, () =>
        problemOf(as(session).confirmVerification({ customerId: customer.id, code: notThe(code) })),
      ),
    );
    expect(new Set(tries.map((problem) => problem.code))).toEqual(new Set(['WRONG_CODE']));
    expect((await problemOf(as(session).confirmVerification({ customerId: customer.id, code }))).code).toBe(
      'WRONG_CODE',
    );
    await as(session).requestVerification({ customerId: customer.id });
    const { code: next } = codeIn(await mailbox.to(email, 2));
    expect((await as(session).confirmVerification({ customerId: customer.id, code: next })).emailVerified).toBe(true);
  });

  test('run out, work once, and the newest one only', async () => {
    const email = freshEmail();
    const { customer, session } = await register(email);
    const first = codeIn(await mailbox.to(email));
    ahead = 16 * 60_000;
    expect((await problemOf(as(session).confirmVerification({ customerId: customer.id, code: first.code }))).code).toBe(
      'WRONG_CODE',
    );
    ahead = 0;
    await as(session).requestVerification({ customerId: customer.id });
    const second = codeIn(await mailbox.to(email, 2));
    if (first.code !== second.code) {
      expect(
        (await problemOf(as(session).confirmVerification({ customerId: customer.id, code: first.code }))).code,
      ).toBe('WRONG_CODE');
    }
    await as(session).confirmVerification({ customerId: customer.id, code: second.code });
    expect(
      (await problemOf(as(session).confirmVerification({ customerId: customer.id, code: second.code }))).code,
    ).toBe('WRONG_CODE');
    expect((await problemOf(as(session).requestVerification({ customerId: customer.id }))).code).toBe(
      'NOTHING_TO_VERIFY',
    );
  });

  test('stand in no event, no row and no remembered answer', async () => {
    const email = freshEmail();
    const { customer, session } = await register(email);
    const { code, codeId } = codeIn(await mailbox.to(email));
    await as(session).confirmVerification({ customerId: customer.id, code });
    await platform.waitForEvent('customer.verified', (event) => event.subject === customer.id);
    expect(JSON.stringify(about(customer.id))).not.toContain(code);
    const rows = await platform
      .database('customers')
      .rows<{ row: object }>('SELECT to_jsonb(c) AS row FROM one_time_code c WHERE id = $1', [codeId]);
    expect(rows).toHaveLength(1);
    expect(Object.values(rows[0]?.row ?? {})).not.toContain(code);
    const answers = await platform.database('customers').rows<{ answer: object }>('SELECT answer FROM idempotency');
    expect(JSON.stringify(answers)).not.toContain(codeId);
  });

  test('are sent later when notifications are away, once', async () => {
    const [email, next] = [freshEmail(), freshEmail()];
    const before = mailbox.refusals();
    mailbox.refuseWith(503);
    await register(email);
    while (mailbox.refusals() < before + 4) await sleep(20);
    mailbox.refuseWith(undefined);
    // Half a minute later the next beat finds it again; a new code brings that beat forward.
    ahead = 31_000;
    await register(next);
    await Promise.all([mailbox.to(next), mailbox.to(email)]);
    expect(mailbox.letters.filter((letter) => letter.email === email)).toHaveLength(1);
  });

  test('that nobody will ever take are given up', async () => {
    const email = freshEmail();
    const before = mailbox.refusals();
    mailbox.refuseWith(422);
    await register(email);
    const waiting = async () =>
      platform
        .database('customers')
        .rows('SELECT id FROM one_time_code WHERE recipient = $1 AND send_after IS NOT NULL', [email]);
    while (mailbox.refusals() === before || (await waiting()).length > 0) await sleep(20);
    mailbox.refuseWith(undefined);
    expect(mailbox.letters.filter((letter) => letter.email === email)).toEqual([]);
  });
});

describe('resetting a password', () => {
  const newPassword = 'a wholly other phrase';

  test('with the mailed code, ends every session and lets the new password in', async () => {
    const email = freshEmail();
    const { customer, session } = await registerVerified(email);
    const { codeId } = await nobody().requestPasswordReset({ email });
    const letter = codeIn(await mailbox.to(email, 2));
    expect(letter.codeId).toBe(codeId);
    await nobody().confirmPasswordReset({ codeId, code: letter.code, newPassword });
    expect((await problemOf(nobody().signIn({ email, password: PASSWORD }))).status).toBe(401);
    expect((await problemOf(nobody().refreshSession({ refreshToken: session.refreshToken }))).status).toBe(401);
    expect((await nobody().signIn({ email, password: newPassword })).customerId).toBe(customer.id);
    expect((await problemOf(nobody().confirmPasswordReset({ codeId, code: letter.code, newPassword }))).code).toBe(
      'WRONG_CODE',
    );
    await platform.waitForEvent('customer.password_changed', (event) => event.subject === customer.id);
  });

  test('of an unknown address answers the same and sends nothing', async () => {
    const unknown = freshEmail();
    const email = freshEmail();
    await registerVerified(email);
    const [known, decoy] = [
      await nobody().requestPasswordReset({ email }),
      await nobody().requestPasswordReset({ email: unknown }),
    ];
    expect(Object.keys(decoy)).toEqual(Object.keys(known));
    await mailbox.to(email, 2);
    expect(mailbox.letters.filter((letter) => letter.email === unknown)).toEqual([]);
    const refusals = await Promise.all(
      [known, decoy].map(({ codeId }) =>
        problemOf(nobody().confirmPasswordReset({ codeId, code: '000000', newPassword })),
      ),
    );
    expect(refusals.map((problem) => problem.toBody())).toEqual([refusals[0]?.toBody(), refusals[0]?.toBody()]);
  });

  test('forgets the lock-out of an account that somebody tried to guess', async () => {
    const email = freshEmail();
    await registerVerified(email);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await problemOf(nobody().signIn({ email, password: 'not the password' }));
    expect((await problemOf(nobody().signIn({ email, password: PASSWORD }))).status).toBe(429);
    await nobody().requestPasswordReset({ email });
    const { code, codeId } = codeIn(await mailbox.to(email, 2));
    await nobody().confirmPasswordReset({ codeId, code, newPassword });
    await nobody().signIn({ email, password: newPassword });
  });

  test('is how somebody invited by staff chooses the first one', async () => {
    const email = freshEmail();
    const customer = await staff().createCustomer({ email, invite: true });
    const { code, codeId } = codeIn(await mailbox.to(email));
    ahead = 6 * 24 * 60 * 60_000;
    await nobody().confirmPasswordReset({ codeId, code, newPassword });
    expect(await staff().getCustomer({ customerId: customer.id })).toMatchObject({ emailVerified: true });
    expect((await nobody().signIn({ email, password: newPassword })).customerId).toBe(customer.id);
  });
});

describe('changing what one signs in with', () => {
  test('the password: needs the old one, ends other sessions, keeps this one', async () => {
    const email = freshEmail();
    const { customer, session } = await registerVerified(email);
    const other = await nobody().signIn({ email, password: PASSWORD });
    const change = (currentPassword: string, newPassword = 'a wholly other phrase') =>
      as(session).changePassword({ customerId: customer.id, currentPassword, newPassword });
    expect((await problemOf(change('not the password'))).code).toBe('WRONG_PASSWORD');
    expect((await problemOf(change(PASSWORD, 'aaaaaaaaaaa'))).code).toBe('WEAK_PASSWORD');
    await change(PASSWORD);
    expect((await problemOf(nobody().refreshSession({ refreshToken: other.refreshToken }))).status).toBe(401);
    await nobody().refreshSession({ refreshToken: session.refreshToken });
    await nobody().signIn({ email, password: 'a wholly other phrase' });
  });

  test('the e-mail address: the old one signs in until the new one is confirmed', async () => {
    const [email, next] = [freshEmail(), freshEmail()];
    const { customer, session } = await registerVerified(email);
    const { id: customerId } = customer;
    expect((await problemOf(as(session).changeEmail({ customerId, email: next }))).code).toBe('WRONG_PASSWORD');
    await as(session).changeEmail({ customerId, email: next, password: PASSWORD });
    await nobody().signIn({ email, password: PASSWORD });
    await as(session).confirmVerification({ customerId, code: codeIn(await mailbox.to(next)).code });
    await nobody().signIn({ email: next, password: PASSWORD });
    expect((await problemOf(nobody().signIn({ email, password: PASSWORD }))).status).toBe(401);
  });

  test('to an address that somebody else owns: the owner is told, nothing changes', async () => {
    const [email, taken] = [freshEmail(), freshEmail()];
    await registerVerified(taken);
    const { customer, session } = await registerVerified(email);
    await as(session).changeEmail({ customerId: customer.id, email: taken, password: PASSWORD });
    expect((await mailbox.to(taken, 2)).template).toBe('account-exists');
    expect(await staff().getCustomer({ customerId: customer.id })).toMatchObject({ email });
  });

  test('a phone number signs in once staff have confirmed it, and a new number has to be confirmed again', async () => {
    const phone = `+4930${String(Date.now()).slice(-9)}`;
    const email = freshEmail();
    const { customer } = await registerVerified(email);
    const { id: customerId } = customer;
    await staff().updateCustomer({ customerId, phone });
    expect((await problemOf(nobody().signIn({ phone, password: PASSWORD }))).status).toBe(401);
    expect((await problemOf(staff().confirmPhone({ customerId, phone: '+493012345678' }))).code).toBe('PHONE_CHANGED');
    await staff().confirmPhone({ customerId, phone });
    expect((await nobody().signIn({ phone, password: PASSWORD })).customerId).toBe(customerId);
    const other = await staff().createCustomer({ phone });
    expect((await problemOf(staff().confirmPhone({ customerId: other.id, phone }))).code).toBe('PHONE_TAKEN');
    expect(await staff().updateCustomer({ customerId, phone: `${phone}1` })).toMatchObject({ phoneVerified: false });
    expect((await problemOf(nobody().signIn({ phone, password: PASSWORD }))).status).toBe(401);
  });
});

describe('guests', () => {
  test('have a session and an id, and become an account under the same id', async () => {
    const email = freshEmail();
    const { customer: guest, session } = await nobody().createGuest({ country: 'FR' });
    expect(guest).toMatchObject({ kind: 'guest', email: null });
    const upgrade = () => as(session).upgradeGuest({ customerId: guest.id, email, password: PASSWORD });
    expect(await upgrade()).toMatchObject({ id: guest.id, kind: 'registered', emailVerified: false });
    await as(session).confirmVerification({ customerId: guest.id, code: codeIn(await mailbox.to(email)).code });
    expect((await nobody().signIn({ email, password: PASSWORD })).customerId).toBe(guest.id);
    expect((await problemOf(upgrade())).code).toBe('ALREADY_REGISTERED');
    const event = await platform.waitForEvent('customer.registered', ({ subject }) => subject === guest.id);
    expect(event.data).toMatchObject({ wasGuest: true, country: 'FR' });
  });
});
