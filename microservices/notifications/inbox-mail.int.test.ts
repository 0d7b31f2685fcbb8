import { createTransport, type SendMailOptions } from 'nodemailer';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { freePort } from '../../infra/process/free-port.ts';
import type { Client } from '../chassis/client.ts';
import { untilWithin } from '../chassis/testing/until.ts';
import { notificationsContract } from './contract.ts';
import { notifications } from './index.ts';
import { freshEmail, remote } from './testing/expect.ts';

const until = untilWithin(20_000);

let platform: TestPlatform;
let api: Client<typeof notificationsContract>;
let port = 0;
beforeAll(async () => {
  port = await freePort();
  const environment = { NOTIFICATIONS_INBOX_SMTP_URL: `smtp://journeys:se%20cret@127.0.0.1:${port}` };
  platform = await startTestPlatform({ services: [notifications], remote, environment });
  api = platform.client(notificationsContract);
});
afterAll(() => platform.stop());

const KNOWN = { user: 'journeys', pass: 'se cret' };

const send = async (mail: SendMailOptions, auth: typeof KNOWN | undefined): Promise<unknown> => {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, ...(auth && { auth }) });
  try {
    return await transport.sendMail({ from: 'Lantern Shop <hello@lantern.example>', subject: 'Hello', ...mail });
  } finally {
    transport.close();
  }
};
const inboxOf = async (to: string) => (await api.listDevInbox({ to })).items;

test('what a program sends is in the inbox of each recipient, and on its page', async () => {
  const [ada, bob] = [freshEmail(), freshEmail()];
  await until(
    'the server listens',
    () =>
      send({ to: freshEmail(), text: 'Are you there?' }, KNOWN).then(
        () => true,
        () => false,
      ),
    (there) => there,
  );
  const text = 'Two lines\nof text \u0000 and é';
  await send(
    { to: [ada, bob.toUpperCase()], subject: 'Late parcel – 5 €', text, html: '<p>Late <b>parcel</b></p>' },
    KNOWN,
  );
  for (const recipient of [ada, bob]) {
    const [message] = await inboxOf(recipient);
    expect(message).toMatchObject({
      from: 'Lantern Shop <hello@lantern.example>',
      subject: 'Late parcel – 5 €',
      text: expect.stringMatching(/^Two lines\nof text {2}and é/) as string,
      html: expect.stringContaining('<b>parcel</b>') as string,
      template: 'smtp',
    });
  }
  const page = await (await fetch(`${platform.url}/dev/inbox?search=Late`)).text();
  expect(page).toContain('Late parcel – 5 €');
});

test.each([
  ['no password', undefined, /530|Authentication/i],
  ['a wrong password', { ...KNOWN, pass: 'secret' }, /535|Wrong user or password/],
])('with %s nothing is taken', async (_what, auth, words) => {
  const to = freshEmail();
  await expect(send({ to, text: 'x' }, auth)).rejects.toThrow(words);
  expect(await inboxOf(to)).toEqual([]);
});

test('a message that is too large, or goes to too many, is refused in words', async () => {
  const to = freshEmail();
  await expect(send({ to, text: 'x'.repeat(1_100_000) }, KNOWN)).rejects.toThrow(/552|maximum|bytes at most/i);
  const many = Array.from({ length: 51 }, freshEmail);
  await send({ to: many, text: 'x' }, KNOWN);
  expect([
    (await inboxOf(to)).length,
    (await inboxOf(many[0] ?? '')).length,
    (await inboxOf(many[50] ?? '')).length,
  ]).toEqual([0, 1, 0]);
});
