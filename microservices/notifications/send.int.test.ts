import { chooseServices } from '../../infra/platform/choose-services.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { newId } from '../chassis/ids.ts';
import { until } from '../chassis/testing/until.ts';
import { customersContract } from '../customers/contract.ts';
import { notificationsContract, type Notification } from './contract.ts';
import { freshEmail, problemOf } from './testing/expect.ts';
import { refusedSends } from './testing/refused-sends.ts';
import { ordersContract } from '../orders/contract.ts';

let platform: TestPlatform;
let api: Client<typeof notificationsContract>;
let customers: Client<typeof customersContract>;
// Noon: nothing is quiet. Tests that need the night set it. Far ahead, because access tokens, checked by the real
// clock, must not have run out.
let now = new Date('2096-11-23T12:00:00Z');

const order = {
  number: 'FC-1007',
  total: { amount: 2_750, currency: 'EUR' },
  lines: [{ title: 'Lantern', quantity: 2 }],
};
const confirmation = { template: 'order-confirmation', data: { order } };
const PASSWORD = 'correct horse battery';

beforeAll(async () => {
  platform = await startTestPlatform({
    services: chooseServices(['customers', 'notifications']),
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
    environment: { NOTIFICATIONS_POLL_MS: '50', SHOP_NAME: 'Lantern Shop', ERASURE_SERVICES: 'notifications' },
    now: () => now,
  });
  api = platform.client(notificationsContract);
  customers = platform.client(customersContract);
  for (const [locale, subject] of [
    ['en', 'Sale'],
    ['de', 'Angebot'],
  ] as const) {
    await api.saveTemplate({
      template: 'sale',
      locale,
      title: 'Sale',
      purpose: 'marketing',
      subject,
      text: '{{ offer }}',
    });
  }
});
afterAll(() => platform.stop());

const newCustomer = async (rest: { locale?: string } = {}) => {
  const email = freshEmail();
  const { id } = await customers.createCustomer({ email, name: 'Ada', ...rest });
  return { id, email };
};
const inState = async (id: string, state: Notification['state']): Promise<Notification> => {
  await until(async () => (await api.getNotification({ notificationId: id })).state === state);
  return api.getNotification({ notificationId: id });
};
const inboxOf = async (to: string) => (await api.listDevInbox({ to })).items;
const eventsAbout = (id: string) => platform.events('notifications').filter(({ subject }) => subject === id);

describe('sending', () => {
  test('to a guest: written, queued, delivered into the development inbox, and said so', async () => {
    const email = freshEmail();
    const queued = await api.sendNotification({ email, ...confirmation, about: 'ord_1' });
    expect(queued).toMatchObject({
      state: 'queued',
      to: email,
      customerId: null,
      subject: 'Your order FC-1007 is confirmed',
      locale: 'en',
    });
    expect(queued.text).toContain('2 × Lantern');
    expect(queued.text).toContain('€27.50');
    expect(await inState(queued.id, 'delivered')).toMatchObject({ attempts: 1, lastError: null });
    expect(await inboxOf(email)).toMatchObject([
      { id: queued.id, from: 'FusionCommerce <shop@localhost>', template: 'order-confirmation' },
    ]);
    await platform.waitForEvent('notification.delivered', ({ subject }) => subject === queued.id);
    expect(eventsAbout(queued.id).map(({ type }) => type)).toEqual([
      'notification.queued',
      'notification.sent',
      'notification.delivered',
    ]);
    expect(eventsAbout(queued.id)[1]?.data).toMatchObject({ provider: 'dev-inbox', about: 'ord_1' });
    expect(JSON.stringify(eventsAbout(queued.id))).not.toContain(email);
  });

  test('to a customer: address, name and language come from the account', async () => {
    const { id, email } = await newCustomer({ locale: 'de-AT' });
    const sent = await api.sendNotification({ customerId: id, ...confirmation });
    expect(sent).toMatchObject({
      to: email,
      customerId: id,
      locale: 'de',
      subject: 'Ihre Bestellung FC-1007 ist bestätigt',
    });
    expect(sent.text).toContain('Guten Tag Ada');
    expect(sent.text).toContain('27,50');
    expect(await api.sendNotification({ customerId: id, ...confirmation, locale: 'en' })).toMatchObject({
      locale: 'en',
    });
  });

  test('written here: in the recipient’s language, values filled in and escaped, in the look of the others', async () => {
    const here = {
      subject: 'Thank you, {{ customer.name }}',
      text: 'Hello {{ customer.name }},\nyou have {{ credit | money }} more.\n\n{{ shop.name }} {{ note }}',
      translations: [
        { locale: 'de', subject: 'Danke, {{ customer.name }}', text: 'Sie haben {{ credit | money }} mehr.' },
      ],
      data: { credit: { amount: 500, currency: 'EUR' }, note: '{{ secret }} <b>' },
    };
    const english = await newCustomer();
    const sent = await api.sendNotification({ customerId: english.id, ...here });
    expect(sent).toMatchObject({
      template: 'written-here',
      locale: 'en',
      subject: 'Thank you, Ada',
      text: 'Hello Ada,\nyou have €5.00 more.\n\nLantern Shop {{ secret }} <b>',
    });
    await inState(sent.id, 'delivered');
    const [message] = await inboxOf(english.email);
    expect(message?.html).toContain('Hello Ada,<br>you have €5.00 more.</p>');
    expect(message?.html).toContain('{{ secret }} &lt;b&gt;');
    const german = await newCustomer({ locale: 'de-AT' });
    expect(await api.sendNotification({ customerId: german.id, ...here })).toMatchObject({
      locale: 'de',
      subject: 'Danke, Ada',
      text: expect.stringMatching(/^Sie haben 5,00\s€ mehr\.$/) as unknown,
    });
    const french = await newCustomer({ locale: 'fr' });
    expect((await api.sendNotification({ customerId: french.id, ...here })).locale).toBe('en');
  });

  test('once per Idempotency-Key, and once per dedupe key whatever the key', async () => {
    const email = freshEmail();
    const send = (idempotencyKey: string) =>
      api.sendNotification({ email, ...confirmation, dedupeKey: `order-${email}` }, { idempotencyKey });
    const [first, again, other] = [await send('k1'), await send('k1'), await send('k2')];
    expect(again.id).toBe(first.id);
    expect(other.id).toBe(first.id);
    await inState(first.id, 'delivered');
    expect(await inboxOf(email)).toHaveLength(1);
  });

  test('forty at once with one dedupe key send one', async () => {
    const email = freshEmail();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => api.sendNotification({ email, ...confirmation, dedupeKey: `race-${email}` })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    await inState(answers[0]?.id ?? '', 'delivered');
    expect(await inboxOf(email)).toHaveLength(1);
    expect(eventsAbout(answers[0]?.id ?? '').filter(({ type }) => type === 'notification.queued')).toHaveLength(1);
  });

  test('one dedupe key may go out on each channel', async () => {
    const { id } = await newCustomer();
    const send = (channel: 'email' | 'in_app') =>
      api.sendNotification({ customerId: id, channel, ...confirmation, dedupeKey: `both-${id}` });
    expect((await send('email')).id).not.toBe((await send('in_app')).id);
  });

  test.each(refusedSends(confirmation))('refuses %s', async (_what, input, code) => {
    const problem = await problemOf(api.sendNotification(input));
    expect(problem.code).toBe(code);
  });

  test('a customer without an e-mail address is reached in the app only', async () => {
    const { id } = await customers.createCustomer({ phone: '+4915112345678', name: 'Ada' });
    expect((await problemOf(api.sendNotification({ customerId: id, ...confirmation }))).code).toBe('NO_ADDRESS');
    const sent = await api.sendNotification({ customerId: id, channel: 'in_app', ...confirmation });
    expect(await inState(sent.id, 'delivered')).toMatchObject({ to: null });
  });

  test('a JSON body nested without end is a 400, not a fault', async () => {
    const answer = await fetch(`${platform.url}/v1/notifications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
      body: `{"email":"a@example.org","template":"sale","data":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
    });
    expect(answer.status).toBe(400);
  });
});

describe('marketing', () => {
  const offer = { template: 'sale', purpose: 'marketing' as const, data: { offer: 'Half price' } };
  const agree = (customerId: string, granted = true) =>
    customers.setConsent({ customerId, purpose: 'marketing', channel: 'email', granted });

  test('goes to who agreed, and to nobody else', async () => {
    const { id, email } = await newCustomer();
    expect(await problemOf(api.sendNotification({ customerId: id, ...offer }))).toMatchObject({
      code: 'CONSENT_MISSING',
      status: 409,
    });
    expect((await problemOf(api.sendNotification({ email, ...offer }))).code).toBe('CONSENT_MISSING');
    await agree(id);
    const sent = await api.sendNotification({ customerId: id, ...offer });
    await inState(sent.id, 'delivered');
    expect(await inboxOf(email)).toMatchObject([{ subject: 'Sale', text: 'Half price' }]);
  });

  test('at night it waits for the morning; who takes consent back meanwhile gets nothing', async () => {
    const [stays, leaves] = [await newCustomer(), await newCustomer()];
    await Promise.all([agree(stays.id), agree(leaves.id)]);
    now = new Date('2096-11-23T22:00:00Z');
    const [kept, dropped] = [
      await api.sendNotification({ customerId: stays.id, ...offer }),
      await api.sendNotification({ customerId: leaves.id, ...offer }),
    ];
    expect(kept).toMatchObject({ state: 'queued', sendAfter: '2096-11-24T08:00:00.000Z' });
    expect((await api.sendNotification({ customerId: stays.id, ...confirmation })).sendAfter).toBe(
      '2096-11-23T22:00:00.000Z',
    );
    await agree(leaves.id, false);
    const told = await platform.waitForEvent('notification.cancelled', ({ subject }) => subject === dropped.id);
    expect(told.data).toMatchObject({ reason: 'consent_withdrawn' });
    expect((await inboxOf(stays.email)).filter(({ template }) => template === 'sale')).toEqual([]);
    now = new Date('2096-11-24T08:00:01Z');
    await inState(kept.id, 'delivered');
    expect((await api.getNotification({ notificationId: dropped.id })).state).toBe('cancelled');
    now = new Date('2096-11-24T12:00:00Z');
  });

  test('a customer chooses quiet hours and time zone', async () => {
    const { id } = await newCustomer();
    await agree(id);
    expect(await api.getPreferences({ customerId: id })).toEqual({
      customerId: id,
      timeZone: 'UTC',
      quietHours: { from: '21:00', until: '08:00' },
      isDefault: true,
    });
    await api.setPreferences({
      customerId: id,
      timeZone: 'Asia/Kolkata',
      quietHours: { from: '17:00', until: '18:00' },
    });
    const sent = await api.sendNotification({ customerId: id, ...offer });
    expect(sent.sendAfter).toBe('2096-11-24T12:30:00.000Z');
    await api.setPreferences({ customerId: id, timeZone: 'UTC', quietHours: null });
    expect(await api.getPreferences({ customerId: id })).toMatchObject({ quietHours: null, isDefault: false });
    expect(
      (await problemOf(api.setPreferences({ customerId: newId('cus'), timeZone: 'UTC', quietHours: null }))).code,
    ).toBe('CUSTOMER_NOT_FOUND');
    const never = { timeZone: 'UTC', quietHours: { from: '21:00', until: '21:00' } };
    for (const wrong of [
      { timeZone: 'Mars/Olympus', quietHours: null },
      { timeZone: '+02:00', quietHours: null },
      never,
    ])
      expect((await problemOf(api.setPreferences({ customerId: id, ...wrong }))).code).toBe('INVALID_INPUT');
  });
});

describe('the in-app inbox', () => {
  const signedIn = async () => {
    const answer = await customers.createGuest({ email: freshEmail(), name: 'Ada' });
    return {
      id: answer.customer.id,
      own: platform.client(notificationsContract, { credential: answer.session.accessToken }),
    };
  };

  test('a customer sees, counts and reads what is theirs, and nothing else', async () => {
    const [ada, eve] = [await signedIn(), await signedIn()];
    const sent = await api.sendNotification({ customerId: ada.id, channel: 'in_app', ...confirmation });
    await inState(sent.id, 'delivered');
    expect(await ada.own.countUnread({ customerId: ada.id })).toEqual({ customerId: ada.id, unread: 1 });
    expect((await ada.own.listNotifications({ unread: true })).items.map(({ id }) => id)).toEqual([sent.id]);
    expect((await problemOf(eve.own.getNotification({ notificationId: sent.id }))).status).toBe(404);
    expect((await problemOf(eve.own.markRead({ notificationId: sent.id }))).status).toBe(404);
    expect((await problemOf(eve.own.countUnread({ customerId: ada.id }))).status).toBe(404);
    expect((await problemOf(eve.own.getPreferences({ customerId: ada.id }))).status).toBe(404);
    expect((await eve.own.listNotifications({ customerId: ada.id })).items).toEqual([]);
    expect((await eve.own.listNotifications({})).items).toEqual([]);
    expect((await problemOf(ada.own.sendNotification({ customerId: ada.id, ...confirmation }))).status).toBe(403);

    expect(await ada.own.markRead({ notificationId: sent.id })).toMatchObject({ state: 'read' });
    expect(await ada.own.markRead({ notificationId: sent.id })).toMatchObject({ state: 'read' });
    expect((await ada.own.countUnread({ customerId: ada.id })).unread).toBe(0);
    await platform.waitForEvent('notification.read', ({ subject }) => subject === sent.id);
    expect(eventsAbout(sent.id).filter(({ type }) => type === 'notification.read')).toHaveLength(1);
  });
});

describe('lists', () => {
  test('filter, search and page without losing or repeating one', async () => {
    const { id } = await newCustomer();
    const sent: string[] = [];
    for (let index = 0; index < 7; index += 1)
      sent.push((await api.sendNotification({ customerId: id, ...confirmation, about: `about-${index % 2}` })).id);
    const walk = async (wanted: Parameters<typeof api.listNotifications>[0]): Promise<string[]> => {
      const { items, nextCursor } = await api.listNotifications(wanted);
      const ids = items.map((item) => item.id);
      return nextCursor === null ? ids : [...ids, ...(await walk({ ...wanted, cursor: nextCursor }))];
    };
    expect(await walk({ customerId: id, limit: 2 })).toEqual(sent.toReversed());
    expect(await walk({ customerId: id, limit: 3, order: 'oldest' })).toEqual(sent);
    expect(await walk({ customerId: id, about: 'about-1', limit: 2, order: 'oldest' })).toEqual([
      sent[1],
      sent[3],
      sent[5],
    ]);
    expect(await walk({ customerId: id, search: 'fc-1007 IS conf' })).toHaveLength(7);
    expect(await walk({ customerId: id, search: '100%' })).toEqual([]);
    expect(await walk({ customerId: id, purpose: 'marketing' })).toEqual([]);
    expect((await problemOf(api.listNotifications({ cursor: 'nonsense' }))).code).toBe('INVALID_CURSOR');
  });
});

describe('when persons change', () => {
  test('erasing a customer deletes their messages everywhere, waiting ones too, and acknowledges it', async () => {
    const { id, email } = await newCustomer();
    const done = await api.sendNotification({ customerId: id, ...confirmation });
    await inState(done.id, 'delivered');
    // A code for a new address goes to the bare address: it is this person's all the same.
    const code = await api.sendNotification({
      email,
      about: id,
      template: 'verify-email',
      data: { code: '123456', expiresInMinutes: 15 },
    });
    await inState(code.id, 'delivered');
    await customers.setConsent({ customerId: id, purpose: 'marketing', channel: 'email', granted: true });
    await api.setPreferences({ customerId: id, timeZone: 'UTC', quietHours: { from: '00:00', until: '23:59' } });
    const waiting = await api.sendNotification({
      customerId: id,
      template: 'sale',
      purpose: 'marketing',
      data: { offer: 'x' },
    });

    await customers.eraseCustomer({ customerId: id });
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === id);
    await platform.waitForEvent('notification.cancelled', ({ subject }) => subject === waiting.id);
    for (const { id: notificationId } of [done, code, waiting]) {
      expect((await problemOf(api.getNotification({ notificationId }))).status).toBe(404);
    }
    expect(await inboxOf(email)).toEqual([]);
    const database = platform.database('notifications');
    for (const table of ['notification', 'dev_inbox', 'outbox', 'preference', 'audit_log']) {
      expect(
        await database.one(`SELECT count(*) AS found FROM ${table} AS t WHERE t::text LIKE $1`, [`%${email}%`]),
      ).toEqual({ found: 0 });
    }
  });

  test('merging customers moves their messages', async () => {
    const email = freshEmail();
    const guest = await customers.createGuest({ email, name: 'Ada' });
    const sent = await api.sendNotification({ customerId: guest.customer.id, channel: 'in_app', ...confirmation });
    const account = await newCustomer();
    await customers.mergeCustomers({ customerId: account.id, fromCustomerId: guest.customer.id });
    await until(async () => (await api.getNotification({ notificationId: sent.id })).customerId === account.id);
    expect((await api.sendNotification({ customerId: guest.customer.id, ...confirmation })).customerId).toBe(
      account.id,
    );
  });

  test('a code that somebody asked for arrives, and is kept no longer than it takes', async () => {
    const email = freshEmail();
    await customers.registerCustomer({ email, password: PASSWORD, name: 'Ada' });
    await until(async () => (await inboxOf(email)).length === 1);
    const [letter] = await inboxOf(email);
    expect(letter?.text).toMatch(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/);
    const { items } = await api.listNotifications({ email });
    expect(items).toMatchObject([{ template: 'verify-email', text: null }]);
    const row = await platform
      .database('notifications')
      .one('SELECT body, html FROM notification WHERE recipient = $1', [email]);
    expect(row).toEqual({ body: null, html: null });
  });
});
