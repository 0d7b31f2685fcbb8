import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { until } from '../chassis/testing/until.ts';
import { notifications } from './index.ts';
import { notificationsContract, type Notification } from './contract.ts';
import { freshEmail, problemOf, remote } from './testing/expect.ts';
import { smtpError, startMailServer, type MailServer } from './testing/mail-server.ts';

let platform: TestPlatform;
let api: Client<typeof notificationsContract>;
let first: MailServer;
let second: MailServer;

const order = { number: 'FC-1007', total: '27.50 EUR', lines: [{ title: 'Lantern <b>', quantity: 2 }] };
const confirmation = { template: 'order-confirmation', data: { order } };

beforeAll(async () => {
  [first, second] = await Promise.all([startMailServer(), startMailServer()]);
  platform = await startTestPlatform({
    services: [notifications],
    remote,
    environment: {
      SMTP_URL: first.url,
      SMTP_FALLBACK_URLS: second.url,
      MAIL_FROM: 'Lantern Shop <hello@lantern.example>',
      SHOP_NAME: 'Lantern Shop',
      NOTIFICATIONS_POLL_MS: '20',
      NOTIFICATIONS_RETRY_MS: '1',
      NOTIFICATIONS_MAX_ATTEMPTS: '3',
    },
  });
  api = platform.client(notificationsContract);
});
afterAll(async () => {
  await platform.stop();
  await Promise.all([first.close(), second.close()]);
});
beforeEach(() => {
  for (const server of [first, second]) {
    server.onMessage = async () => undefined;
    server.onRecipient = () => undefined;
  }
});

const inState = async (id: string, state: Notification['state']): Promise<Notification> => {
  await until(async () => (await api.getNotification({ notificationId: id })).state === state);
  return api.getNotification({ notificationId: id });
};

describe('by mail server', () => {
  test('a message arrives as it was written, in text and HTML, under a Message-ID of its own', async () => {
    const email = freshEmail();
    const { id } = await api.sendNotification({ email, ...confirmation, about: 'ord_1' });
    const [mail] = await first.to(email);
    expect(mail).toMatchObject({
      from: { name: 'Lantern Shop', address: 'hello@lantern.example' },
      to: [{ address: email }],
      subject: 'Your order FC-1007 is confirmed',
      messageId: `<${id}@lantern.example>`,
    });
    expect(mail?.text).toContain('2 × Lantern <b>');
    expect(mail?.html).toContain('2 × Lantern &lt;b&gt;');
    expect(mail?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(await inState(id, 'sent')).toMatchObject({ attempts: 1, deliveredAt: null });
    const told = await platform.waitForEvent('notification.sent', ({ subject }) => subject === id);
    expect(told.data).toMatchObject({ provider: '127.0.0.1', attempts: 1, about: 'ord_1' });
  });

  test('a header cannot be smuggled in through a value', async () => {
    await api.saveTemplate({
      template: 'greeting',
      locale: 'en',
      title: 'Greeting',
      purpose: 'transactional',
      subject: 'Hello {{ name }}',
      text: 'x',
    });
    const email = freshEmail();
    await api.sendNotification({ email, template: 'greeting', data: { name: 'Ada\r\nBcc: everybody@example.org' } });
    const [mail] = await first.to(email);
    expect(mail?.subject).toBe('Hello Ada Bcc: everybody@example.org');
    expect(mail?.bcc ?? []).toEqual([]);
  });

  test('a provider reports later that it arrived, or that it came back', async () => {
    const [arrived, returned] = await Promise.all(
      [1, 2].map(() => api.sendNotification({ email: freshEmail(), ...confirmation })),
    );
    for (const sent of [arrived, returned]) await inState(sent?.id ?? '', 'sent');
    const report = (notificationId = '', outcome: 'delivered' | 'failed') =>
      api.reportDelivery({ notificationId, outcome, detail: 'mailbox full' });
    expect(await report(arrived?.id, 'delivered')).toMatchObject({ state: 'delivered' });
    expect(await report(arrived?.id, 'delivered')).toMatchObject({ state: 'delivered' });
    expect(await report(returned?.id, 'failed')).toMatchObject({ state: 'failed', lastError: 'mailbox full' });
    expect(await problemOf(report(returned?.id, 'delivered'))).toMatchObject({
      code: 'ILLEGAL_STATE',
      status: 409,
      data: { state: 'failed', allowed: ['retry'] },
    });
    const told = await platform.waitForEvent('notification.failed', ({ subject }) => subject === returned?.id);
    expect(JSON.stringify(told.data)).not.toContain('mailbox full');
  });
});

describe('trouble', () => {
  test('an address that every server refuses is given up at once', async () => {
    const refuse = () => {
      throw smtpError(550, 'no such user');
    };
    first.onRecipient = refuse;
    second.onRecipient = refuse;
    const email = freshEmail();
    const { id } = await api.sendNotification({ email, ...confirmation });
    expect(await inState(id, 'failed')).toMatchObject({
      attempts: 1,
      lastError: expect.stringContaining('no such user') as unknown,
    });
    const told = await platform.waitForEvent('notification.failed', ({ subject }) => subject === id);
    expect(told.data).toMatchObject({ attempts: 1, reason: 'the mail server refused it (550)' });
  });

  test('what cannot be taken now is tried again and arrives once', async () => {
    let refusals = 2;
    const busy = async () => {
      refusals -= 1;
      if (refusals >= 0) throw smtpError(451, 'busy');
    };
    first.onMessage = busy;
    second.onMessage = busy;
    const email = freshEmail();
    const { id } = await api.sendNotification({ email, ...confirmation });
    expect((await inState(id, 'sent')).attempts).toBeGreaterThan(0);
    expect([...first.received, ...second.received].filter(({ to }) => to?.[0]?.address === email)).toHaveLength(1);
  });

  test('with every server away it is given up after the last attempt, and can be sent again by hand', async () => {
    const away = async () => Promise.reject(smtpError(421, 'closing'));
    first.onMessage = away;
    second.onMessage = away;
    const email = freshEmail();
    const { id } = await api.sendNotification({ email, ...confirmation });
    expect(await inState(id, 'failed')).toMatchObject({ attempts: 3 });
    const told = await platform.waitForEvent('notification.failed', ({ subject }) => subject === id);
    expect(told.data).toMatchObject({ attempts: 3, reason: 'the mail server did not take it (421)' });
    first.onMessage = async () => undefined;
    second.onMessage = async () => undefined;
    await api.retryNotification({ notificationId: id });
    expect(await inState(id, 'sent')).toMatchObject({ attempts: 1, lastError: null });
    expect(await problemOf(api.cancelNotification({ notificationId: id }))).toMatchObject({
      code: 'ILLEGAL_STATE',
      data: { state: 'sent' },
    });
  });

  test('a secret that could not be sent is forgotten, so it cannot be sent again', async () => {
    const refuse = () => {
      throw smtpError(550, 'no such user');
    };
    first.onRecipient = refuse;
    second.onRecipient = refuse;
    const { id } = await api.sendNotification({
      email: freshEmail(),
      template: 'reset-password',
      data: { code: '123456', expiresInMinutes: 15 },
    });
    await inState(id, 'failed');
    expect((await problemOf(api.retryNotification({ notificationId: id }))).code).toBe('CONTENT_GONE');
  });
});

test('with a mail server there is no development inbox', async () => {
  expect((await problemOf(api.listDevInbox({}))).code).toBe('DEV_INBOX_OFF');
  expect((await fetch(`${platform.url}/dev/inbox`)).status).toBe(404);
});

/** The first server of a list gone for good, or worse: it takes the connection and says nothing. */
describe('fail-over', () => {
  const run = async (dead: string): Promise<void> => {
    const alive = await startMailServer();
    const own = await startTestPlatform({
      services: [notifications],
      remote,
      environment: {
        SMTP_URL: dead,
        SMTP_FALLBACK_URLS: alive.url,
        NOTIFICATIONS_POLL_MS: '20',
        NOTIFICATIONS_RETRY_MS: '1',
      },
    });
    try {
      const emails = Array.from({ length: 5 }, freshEmail);
      for (const email of emails) await own.client(notificationsContract).sendNotification({ email, ...confirmation });
      for (const email of emails) expect(await alive.to(email)).toHaveLength(1);
    } finally {
      await own.stop();
      await alive.close();
    }
  };
  const listening = async (onConnection: (socket: Socket) => void): Promise<{ server: Server; url: string }> => {
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  test('a server that is away is passed over', async () => {
    const { server, url } = await listening(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await run(url);
  });

  test('a server that is silent is passed over', async () => {
    const sockets: Socket[] = [];
    const { server, url } = await listening((socket) => sockets.push(socket));
    await run(url);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
