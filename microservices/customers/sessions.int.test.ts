import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { freshEmail, openMailbox, PASSWORD, problemOf, codeIn, type Mailbox } from './testing.ts';

let platform: TestPlatform;
let mailbox: Mailbox;
let ahead = 0;
const DAY = 24 * 60 * 60_000;

const staff = () => platform.client(customersContract);
const nobody = () => platform.client(customersContract, { credential: '' });
const as = (session: { accessToken: string }) =>
  platform.client(customersContract, { credential: session.accessToken });

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

/** An account that can sign in. */
const account = async () => {
  const email = freshEmail();
  const customer = await staff().createCustomer({ email, invite: true });
  const { code, codeId } = codeIn(await mailbox.to(email));
  await nobody().confirmPasswordReset({ codeId, code, newPassword: PASSWORD });
  return {
    email,
    customerId: customer.id,
    signIn: (password = PASSWORD) => nobody().signIn({ email, password, device: 'Firefox on Linux' }),
  };
};

describe('signing in', () => {
  test('answers tokens that open the customer’s own door and no other', async () => {
    const { customerId, signIn } = await account();
    const stranger = await account();
    const session = await signIn();
    expect(session).toMatchObject({ customerId, tokenType: 'Bearer' });
    expect(await as(session).getCustomer({ customerId })).toMatchObject({ id: customerId });
    expect(await problemOf(as(session).getCustomer({ customerId: stranger.customerId }))).toMatchObject({
      status: 404,
    });
    expect(await problemOf(as(session).listCustomers({}))).toMatchObject({ status: 403 });
    expect(await problemOf(nobody().getCustomer({ customerId }))).toMatchObject({ status: 401 });
  });

  test('refuses a wrong password and an unknown address with the very same words', async () => {
    const { signIn } = await account();
    const wrong = await problemOf(signIn('not the password'));
    const unknown = await problemOf(nobody().signIn({ email: freshEmail(), password: 'not the password' }));
    expect(wrong).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
    expect(unknown.toBody()).toEqual(wrong.toBody());
  });

  test.each(['a known', 'an unknown'])(
    'fifty guesses at once at %s address: five are looked at, forty-five wait',
    async (which) => {
      const email = which === 'a known' ? (await account()).email : freshEmail();
      const problems = await Promise.all(
        Array.from({ length: 50 }, () => problemOf(nobody().signIn({ email, password: 'not the password' }))),
      );
      expect(problems.filter((problem) => problem.status === 401)).toHaveLength(5);
      expect(problems.filter((problem) => problem.status === 429)).toHaveLength(45);
    },
  );

  test('waits out a lock, then works, and the right password forgets the failures', async () => {
    const { signIn } = await account();
    for (let attempt = 0; attempt < 5; attempt += 1) await problemOf(signIn('not the password'));
    const locked = await problemOf(signIn());
    expect(locked).toMatchObject({ status: 429, data: { retryAfterSeconds: 30 } });
    ahead = 31_000;
    await signIn();
    for (let attempt = 0; attempt < 4; attempt += 1)
      expect((await problemOf(signIn('not the password'))).status).toBe(401);
    await signIn();
  });

  test('needs either an e-mail address or a phone number, and a bad request is told so', async () => {
    const problem = await problemOf(nobody().signIn({ password: PASSWORD }));
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(problem.message).toContain('either an e-mail address or a phone number');
  });

  test('is closed to disabled customers, and open again once they are enabled', async () => {
    const { customerId, signIn } = await account();
    const session = await signIn();
    expect(await staff().disableCustomer({ customerId })).toMatchObject({ state: 'disabled' });
    expect(await problemOf(signIn())).toMatchObject({ status: 403, code: 'ACCOUNT_DISABLED' });
    expect((await problemOf(signIn('not the password'))).status).toBe(401);
    expect((await problemOf(nobody().refreshSession({ refreshToken: session.refreshToken }))).status).toBe(401);
    expect((await problemOf(as(session).updateCustomer({ customerId, name: 'X' }))).status).toBe(401);
    const again = await problemOf(staff().disableCustomer({ customerId }));
    expect(again).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'disabled', allowed: ['change', 'enable', 'merge_into_another', 'erase'] },
    });
    await staff().enableCustomer({ customerId });
    await signIn();
  });
});

describe('refreshing', () => {
  test('trades a token for the next pair', async () => {
    const { customerId, signIn } = await account();
    const first = await signIn();
    const second = await nobody().refreshSession({ refreshToken: first.refreshToken });
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await as(second).getCustomer({ customerId })).toMatchObject({ id: customerId });
  });

  test('a token that comes back ends the whole session, also for the thief', async () => {
    const { customerId, signIn } = await account();
    const first = await signIn();
    const second = await nobody().refreshSession({ refreshToken: first.refreshToken });
    ahead = 31_000;
    expect((await problemOf(nobody().refreshSession({ refreshToken: first.refreshToken }))).code).toBe(
      'INVALID_REFRESH_TOKEN',
    );
    expect((await problemOf(nobody().refreshSession({ refreshToken: second.refreshToken }))).code).toBe(
      'INVALID_REFRESH_TOKEN',
    );
    expect((await problemOf(as(second).updateCustomer({ customerId, name: 'Thief' }))).status).toBe(401);
    const event = await platform.waitForEvent('session.ended', ({ subject }) => subject === customerId);
    expect(event.data).toEqual({ customerId, sessionId: first.sessionId, reason: 'token_reused' });
    await signIn();
  });

  test('ten uses of one token at once get one and the same successor, and so does a repeat after a lost response', async () => {
    const { customerId, signIn } = await account();
    const { refreshToken } = await signIn();
    const pairs = await Promise.all(Array.from({ length: 10 }, () => nobody().refreshSession({ refreshToken })));
    const again = await nobody().refreshSession({ refreshToken });
    const successors = [...new Set([...pairs, again].map((pair) => pair.refreshToken))];
    expect(successors).toHaveLength(1);
    expect(successors).not.toContain(refreshToken);
    for (const pair of [...pairs, again])
      expect(await as(pair).getCustomer({ customerId })).toMatchObject({ id: customerId });
    await nobody().refreshSession({ refreshToken: again.refreshToken });
  });

  test('a used token is no good as soon as its successor was used: the session ends', async () => {
    const { signIn } = await account();
    const first = await signIn();
    const second = await nobody().refreshSession({ refreshToken: first.refreshToken });
    const third = await nobody().refreshSession({ refreshToken: second.refreshToken });
    expect((await problemOf(nobody().refreshSession({ refreshToken: first.refreshToken }))).status).toBe(401);
    expect((await problemOf(nobody().refreshSession({ refreshToken: third.refreshToken }))).status).toBe(401);
  });

  test('tokens nobody gave are refused', async () => {
    const { signIn } = await account();
    const { refreshToken, accessToken } = await signIn();
    for (const wrong of ['x', accessToken.slice(0, 200), refreshToken.replace('.1.', '.2.'), `${refreshToken}x`]) {
      expect((await problemOf(nobody().refreshSession({ refreshToken: wrong }))).status).toBe(401);
    }
    await nobody().refreshSession({ refreshToken });
  });

  test('an idle session ends after thirty days, a busy one after its full age', async () => {
    const { signIn } = await account();
    const idle = await signIn();
    ahead = 31 * DAY;
    expect((await problemOf(nobody().refreshSession({ refreshToken: idle.refreshToken }))).status).toBe(401);
    ahead = 0;
    let busy = await signIn();
    const { refreshToken } = busy;
    for (const day of [25, 50, 75, 100, 125, 150, 175]) {
      ahead = day * DAY;
      busy = await nobody().refreshSession({ refreshToken: busy.refreshToken });
    }
    expect(busy.refreshToken).not.toBe(refreshToken);
    ahead = 181 * DAY;
    expect((await problemOf(nobody().refreshSession({ refreshToken: busy.refreshToken }))).status).toBe(401);
  });
});

describe('ending sessions', () => {
  test('sign out ends this one; everywhere ends all', async () => {
    const { customerId, signIn } = await account();
    const [first, second, third] = [await signIn(), await signIn(), await signIn()];
    expect(await as(first).signOut({})).toEqual({ ended: 1 });
    expect((await problemOf(nobody().refreshSession({ refreshToken: first.refreshToken }))).status).toBe(401);
    expect((await problemOf(as(first).signOut({ everywhere: true }))).status).toBe(401);
    expect((await staff().listSessions({ customerId })).items.map(({ id }) => id)).toEqual([
      third.sessionId,
      second.sessionId,
    ]);
    expect(await as(second).signOut({ everywhere: true })).toEqual({ ended: 2 });
    expect((await staff().listSessions({ customerId })).items).toEqual([]);
    expect((await problemOf(staff().signOut({}))).code).toBe('NOT_A_CUSTOMER');
  });

  test('who still sends the token of an ended session can sign in again, and is nobody until then', async () => {
    const { email, customerId, signIn } = await account();
    const session = await signIn();
    await as(session).signOut({});
    expect(await problemOf(as(session).getCustomer({ customerId }))).toMatchObject({ status: 401 });
    const again = await as(session).signIn({ email, password: PASSWORD });
    expect(await as(again).getCustomer({ customerId })).toMatchObject({ id: customerId });
    expect((await as(session).refreshSession({ refreshToken: again.refreshToken })).customerId).toBe(customerId);
  });

  test('a customer sees their sessions and ends a lost one, not a stranger’s', async () => {
    const { customerId, signIn } = await account();
    const stranger = await (await account()).signIn();
    const [here, lost] = [await signIn(), await signIn()];
    const { items } = await as(here).listSessions({ customerId });
    expect(items.map(({ id, current, device }) => ({ id, current, device }))).toEqual([
      { id: lost.sessionId, current: false, device: 'Firefox on Linux' },
      { id: here.sessionId, current: true, device: 'Firefox on Linux' },
    ]);
    expect(await as(here).endSession({ sessionId: lost.sessionId })).toEqual({ ended: 1 });
    expect(await as(here).endSession({ sessionId: lost.sessionId })).toEqual({ ended: 0 });
    expect((await problemOf(as(here).endSession({ sessionId: stranger.sessionId }))).code).toBe('SESSION_NOT_FOUND');
    await nobody().refreshSession({ refreshToken: stranger.refreshToken });
  });
});
