import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { runInContext } from '../chassis/context.ts';
import { notificationsContract } from '../notifications/contract.ts';
import { customersContract } from './contract.ts';
import { customers } from './index.ts';
import { codeIn, freshEmail, openMailbox, PASSWORD, problemOf, type Mailbox } from './testing.ts';

let platform: TestPlatform;
let mailbox: Mailbox;
let ahead = 0;
const HOUR = 60 * 60_000;

const staff = () => platform.client(customersContract);
const nobody = () => platform.client(customersContract, { credential: '' });
const as = (session: { accessToken: string }) =>
  platform.client(customersContract, { credential: session.accessToken });
/** Calls as somebody at this address: the proxy in front is this machine. */
const from = <T>(address: string, call: () => Promise<T>): Promise<T> =>
  runInContext({ correlationId: 'limits', address }, call);

beforeAll(async () => {
  mailbox = await openMailbox(async (customerId) => (await staff().getCustomer({ customerId })).email);
  platform = await startTestPlatform({
    services: [customers],
    remote: [{ contract: notificationsContract, url: mailbox.url }],
    trustProxy: ['loopback'],
    environment: { CODES_PER_NETWORK_AND_HOUR: '12', CODES_PER_HOUR: '200' },
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

/** An account that can sign in, with a session of its own device. */
const account = async () => {
  const email = freshEmail();
  const { id: customerId } = await staff().createCustomer({ email, invite: true });
  const { code, codeId } = codeIn(await mailbox.to(email));
  await nobody().confirmPasswordReset({ codeId, code, newPassword: PASSWORD });
  const session = await from('198.51.100.200', () => nobody().signIn({ email, password: PASSWORD }));
  return { email, customerId, session };
};

const guess = (email: string, address: string) =>
  from(address, () => problemOf(nobody().signIn({ email, password: 'not the password' })));

describe('strangers who guess a password', () => {
  test('keep nobody out but their own network', async () => {
    const { email, customerId } = await account();
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await guess(email, '203.0.113.9')).status).toBe(401);
    expect((await guess(email, '203.0.113.9')).status).toBe(429);
    const session = await from('198.51.100.7', () => nobody().signIn({ email, password: PASSWORD }));
    expect(session.customerId).toBe(customerId);
    expect((await guess(email, '203.0.113.9')).status).toBe(429);
  });

  test('from many networks get fifty guesses, and keep out no device that the account knows', async () => {
    const { email, session } = await account();
    const statuses: number[] = [];
    for (let network = 0; network < 16; network += 1)
      for (let attempt = 0; attempt < 4; attempt += 1)
        statuses.push((await guess(email, `203.0.113.${network + 20}`)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.slice(50)).toEqual(Array.from({ length: 14 }, () => 429));
    const signIn = (previousRefreshToken?: string) =>
      from('198.51.100.8', () => nobody().signIn({ email, password: PASSWORD, previousRefreshToken }));
    expect((await problemOf(signIn())).status).toBe(429);
    await as(session).signOut({});
    expect((await signIn(session.refreshToken)).tokenType).toBe('Bearer');
    const other = await account();
    expect((await problemOf(signIn(other.session.refreshToken))).status).toBe(429);
    ahead = 31_000;
    expect((await signIn()).tokenType).toBe('Bearer');
  });

  test('get five guesses with a device’s token too, also at once', async () => {
    const { email, session } = await account();
    const problems = await Promise.all(
      Array.from({ length: 20 }, () =>
        problemOf(nobody().signIn({ email, password: 'not the password', previousRefreshToken: session.refreshToken })),
      ),
    );
    expect(problems.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  test('right passwords do not use an account’s guesses up', async () => {
    const { email } = await account();
    for (let time = 0; time < 60; time += 1) await nobody().signIn({ email, password: PASSWORD });
  }, 60_000);
});

describe('codes to reset a password', () => {
  const newPassword = 'a wholly other phrase';
  const reset = (email: string, address: string, previousRefreshToken?: string) =>
    from(address, () => nobody().requestPasswordReset({ email, previousRefreshToken }));

  test('end when a newer one is asked for', async () => {
    const { email } = await account();
    const codes = [];
    for (const count of [2, 3]) {
      await reset(email, '198.51.100.9');
      codes.push(codeIn(await mailbox.to(email, count)));
    }
    const [first, second] = codes;
    expect(
      (
        await problemOf(
          nobody().confirmPasswordReset({
            newPassword,
            ...first,
            codeId: first?.codeId ?? '',
            code: first?.code ?? '',
          }),
        )
      ).code,
    ).toBe('WRONG_CODE');
    await nobody().confirmPasswordReset({ codeId: second?.codeId ?? '', code: second?.code ?? '', newPassword });
  });

  test('that strangers ask for do not keep the owner from asking', async () => {
    const { email, session } = await account();
    for (let network = 0; network < 4; network += 1)
      for (let time = 0; time < 5; time += 1) await reset(email, `203.0.113.${network + 50}`);
    expect((await problemOf(reset(email, '203.0.113.50'))).status).toBe(429);
    expect((await problemOf(reset(email, '203.0.113.99'))).status).toBe(429);
    await reset(email, '198.51.100.10', session.refreshToken);
    ahead = HOUR;
    await reset(email, '198.51.100.10');
  });

  test('of an address without account meet the same limits', async () => {
    const email = freshEmail();
    for (let time = 0; time < 5; time += 1) await reset(email, '203.0.113.60');
    expect((await problemOf(reset(email, '203.0.113.60'))).status).toBe(429);
    await reset(email, '203.0.113.61');
  });

  test('are tried sixty times an hour from one network at most, whatever they are for', async () => {
    const { codeId } = await reset(freshEmail(), '203.0.113.70');
    const outcomes = await Promise.all(
      Array.from({ length: 70 }, () =>
        from('203.0.113.70', () =>
          problemOf(nobody().confirmPasswordReset({ codeId, code: 'ABCD-EFGH', newPassword })),
        ),
      ),
    );
    expect(outcomes.filter(({ code }) => code === 'WRONG_CODE')).toHaveLength(60);
    expect(outcomes.filter(({ code }) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(10);
  });
});

describe('mails to strangers', () => {
  const register = (address: string) =>
    from(address, () => nobody().registerCustomer({ email: freshEmail(), password: PASSWORD }));
  const admitted = async (calls: readonly Promise<unknown>[]): Promise<number> =>
    (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length;

  test('five an hour from one account, whatever its network', async () => {
    const { customerId, session } = await account();
    const change = (place: number) =>
      from(`198.51.100.${place + 20}`, () =>
        as(session).changeEmail({ customerId, email: freshEmail(), password: PASSWORD }),
      );
    expect(await admitted(Array.from({ length: 20 }, (_, place) => change(place)))).toBe(5);
    ahead = HOUR;
    await change(30);
  });

  test('a limited number an hour from one network; API keys are not limited', async () => {
    expect(await admitted(Array.from({ length: 20 }, () => register('203.0.113.80')))).toBe(12);
    expect(await admitted(Array.from({ length: 20 }, (_, place) => register(`2001:db8:7:7::${place + 1}`)))).toBe(12);
    const byKey = Array.from({ length: 20 }, () =>
      from('203.0.113.80', () => staff().registerCustomer({ email: freshEmail(), password: PASSWORD })),
    );
    expect(await admitted(byKey)).toBe(20);
    ahead = HOUR;
    await register('203.0.113.80');
  });

  test('a limited number an hour in all', async () => {
    ahead = 3 * HOUR;
    const ask = (place: number) =>
      from(`203.0.${place % 40}.200`, () => nobody().requestPasswordReset({ email: freshEmail() }));
    expect(await admitted(Array.from({ length: 230 }, (_, place) => ask(place)))).toBe(200);
  });
});
