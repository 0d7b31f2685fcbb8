import { pageKey } from '../chassis/http/page-key.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { until } from '../chassis/testing/until.ts';
import { builtInTemplates, seedTemplates } from './service/built-in/index.ts';
import { notifications } from './index.ts';
import { notificationsContract } from './contract.ts';
import { freshEmail, problemOf, remote } from './testing/expect.ts';

let platform: TestPlatform;
let api: Client<typeof notificationsContract>;

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [notifications],
    remote,
    environment: { NOTIFICATIONS_POLL_MS: '50', SHOP_LOCALE: 'de' },
  });
  api = platform.client(notificationsContract);
});
afterAll(() => platform.stop());

const words = {
  title: 'Welcome',
  purpose: 'transactional' as const,
  subject: 'Welcome {{ name }}',
  text: 'Hello {{ name }}',
};

describe('templates', () => {
  test('the built-in ones are there from the start', async () => {
    const { items } = await api.listTemplates({ limit: 200 });
    expect(items.map(({ template, locale }) => `${template}/${locale}`)).toEqual(
      builtInTemplates.map(({ template, locale }) => `${template}/${locale}`).toSorted(),
    );
    expect(items.every(({ builtIn, version }) => builtIn && version === 1)).toBe(true);
  });

  test('saving creates, then replaces; versions count; each save is said', async () => {
    const first = await api.saveTemplate({ template: 'welcome', locale: 'en', ...words });
    expect(first).toMatchObject({ version: 1, builtIn: false, confidential: false, html: null });
    const second = await api.saveTemplate({ template: 'welcome', locale: 'en', ...words, html: '<p>{{ name }}</p>' });
    expect(second).toMatchObject({ version: 2, html: '<p>{{ name }}</p>' });
    expect(await api.getTemplate({ template: 'welcome', locale: 'en' })).toEqual(second);
    const told = await platform.waitForEvent(
      'notification_template.saved',
      ({ sequence, subject }) => subject === 'welcome/en' && sequence === 2,
    );
    expect(told.data).toEqual({ template: 'welcome', locale: 'en', purpose: 'transactional', version: 2 });
    expect(await api.deleteTemplate({ template: 'welcome', locale: 'en' })).toMatchObject({ deleted: true });
    expect((await problemOf(api.getTemplate({ template: 'welcome', locale: 'en' }))).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await problemOf(api.deleteTemplate({ template: 'welcome', locale: 'en' }))).code).toBe(
      'TEMPLATE_NOT_FOUND',
    );
  });

  test.each<[string, object, object]>([
    ['Liquid that does not end', { text: '{{ name' }, { part: 'text' }],
    ['a tag that is not there', { html: '{% teleport %}' }, { part: 'html' }],
    ['sample values that do not fill it', { sampleData: { other: 1 } }, { part: 'subject' }],
  ])('a template with %s is refused with the place', async (_what, rest, data) => {
    const problem = await problemOf(api.saveTemplate({ template: 'welcome', locale: 'en', ...words, ...rest }));
    expect(problem).toMatchObject({ code: 'TEMPLATE_INVALID', status: 422, data });
    expect(problem.message).toMatch(/line:1/);
  });

  test('preview writes saved words, other values, or words not saved yet, and sends nothing', async () => {
    await api.saveTemplate({
      template: 'hello',
      locale: 'en',
      ...words,
      html: '<p>{{ name }}</p>',
      sampleData: { name: 'Ada & Co' },
    });
    expect(await api.previewTemplate({ template: 'hello' })).toEqual({
      subject: 'Welcome Ada & Co',
      text: 'Hello Ada & Co',
      html: '<p>Ada &amp; Co</p>',
      locale: 'en',
    });
    expect(await api.previewTemplate({ template: 'hello', data: { name: 'Eve' } })).toMatchObject({
      subject: 'Welcome Eve',
    });
    expect(await api.previewTemplate({ template: 'hello', draft: { subject: 'Draft', text: '{{ name }}!' } })).toEqual({
      subject: 'Draft',
      text: 'Ada & Co!',
      html: null,
      locale: 'en',
    });
    expect(
      await api.previewTemplate({
        template: 'not-yet',
        locale: 'fr',
        draft: { subject: 'Salut', text: '{{ shop.name }}' },
      }),
    ).toMatchObject({ text: 'FusionCommerce', locale: 'fr' });
    expect((await problemOf(api.previewTemplate({ template: 'hello', data: {} }))).code).toBe('TEMPLATE_INVALID');
    expect((await problemOf(api.previewTemplate({ template: 'nothing' }))).code).toBe('TEMPLATE_NOT_FOUND');
    expect((await api.listNotifications({ template: 'hello' })).items).toEqual([]);
  });

  test('the nearest language is taken: asked for, the shop’s, English, any', async () => {
    for (const locale of ['fr', 'de', 'pt-BR'])
      await api.saveTemplate({ template: 'tongues', locale, ...words, subject: locale });
    const spoken = async (locale?: string) =>
      (await api.previewTemplate({ template: 'tongues', locale, data: { name: 'x' } })).locale;
    expect(await spoken('fr-CA')).toBe('fr');
    expect(await spoken('ja')).toBe('de');
    expect(await spoken('pt-BR')).toBe('pt-BR');
    await api.deleteTemplate({ template: 'tongues', locale: 'de' });
    expect(await spoken('ja')).toBe('fr');
  });

  test('what somebody changed is not taken back by the next start; what is as it came follows ours', async () => {
    const database = platform.database('notifications');
    await api.saveTemplate({ template: 'order-shipped', locale: 'de', ...words, subject: 'Eigene Worte', text: 'x' });
    await database.run(
      `UPDATE template SET subject = 'older words' WHERE template = 'order-shipped' AND locale = 'en'`,
    );
    await seedTemplates(database, new Date());
    await seedTemplates(database, new Date());
    expect((await api.getTemplate({ template: 'order-shipped', locale: 'de' })).subject).toBe('Eigene Worte');
    expect(await api.getTemplate({ template: 'order-shipped', locale: 'en' })).toMatchObject({
      subject: 'Your order {{ order.number }} is on its way',
      version: 2,
      builtIn: true,
    });
  });

  test('say which values they need, and none may take the name of messages without one', async () => {
    const { items } = await api.listTemplateVariables({ template: 'order-confirmation' });
    expect(items.find(({ name }) => name === 'order.number')?.example).toBe('FC-1007');
    expect((await problemOf(api.listTemplateVariables({ template: 'nothing' }))).code).toBe('TEMPLATE_NOT_FOUND');
    const reserved = api.saveTemplate({ template: 'written-here', locale: 'en', ...words });
    expect((await problemOf(reserved)).code).toBe('INVALID_INPUT');
  });

  test('lists filter, search and page', async () => {
    expect((await api.listTemplates({ template: 'verify-email' })).items.map(({ locale }) => locale)).toEqual([
      'de',
      'en',
    ]);
    expect((await api.listTemplates({ search: 'RESET' })).items.map(({ template }) => template)).toEqual([
      'reset-password',
      'reset-password',
    ]);
    const nearest = (language: string) => api.listTemplates({ search: 'verify-', language });
    expect((await nearest('de-AT')).items.map(({ locale }) => locale)).toEqual(['de']);
    expect((await nearest('en-GB')).items.map(({ locale }) => locale)).toEqual(['en']);
    const { items, nextCursor } = await api.listTemplates({ locale: 'en', limit: 2 });
    const next = await api.listTemplates({ locale: 'en', limit: 2, cursor: nextCursor ?? '' });
    expect(next.items[0]?.template).not.toBe(items[1]?.template);
    expect((await problemOf(api.listTemplates({ cursor: 'nonsense' }))).code).toBe('INVALID_CURSOR');
  });
});

describe('templates that run for long', () => {
  const loops = {
    subject: 'Loops',
    text: '{% for a in (1..9000) %}{% for b in (1..9000) %}{% assign c = a | times: b %}{% endfor %}{% endfor %}',
  };
  /** With a key of its own, so that other tests have all of theirs. */
  const editor = () => platform.client(notificationsContract, { credential: platform.access.serviceKey });

  test('leave other requests undisturbed, and end in a fault that names the part', async () => {
    let running = true;
    let answered = 0;
    const health = (async () => {
      for (; running; answered += 1) await (await fetch(`${platform.url}/healthz`)).arrayBuffer();
    })();
    const previews = [1, 2, 3].map(() => problemOf(editor().previewTemplate({ template: 'hello', draft: loops })));
    for (const problem of await Promise.all(previews))
      expect(problem).toMatchObject({ code: 'TEMPLATE_INVALID', status: 422, data: { part: 'text' } });
    running = false;
    await health;
    expect(answered).toBeGreaterThan(20);
    const email = freshEmail();
    await api.saveTemplate({ template: 'short', locale: 'en', ...words });
    await api.sendNotification({ email, template: 'short', data: { name: 'Ada' } });
  }, 30_000);

  test('are refused when they are saved with sample values, and when they are sent', async () => {
    const slow = { ...words, ...loops };
    const saving = editor().saveTemplate({ template: 'slow', locale: 'en', ...slow, sampleData: {} });
    expect((await problemOf(saving)).code).toBe('TEMPLATE_INVALID');
    await editor().saveTemplate({ template: 'slow', locale: 'en', ...slow });
    const sending = editor().sendNotification({ email: freshEmail(), template: 'slow' });
    expect(await problemOf(sending)).toMatchObject({ code: 'TEMPLATE_DATA', data: { part: 'text' } });
  }, 30_000);

  test('are tried for a limited time a minute by each key', async () => {
    const draft = { subject: 'Hi', text: 'Hello' };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 250 }, () => editor().previewTemplate({ template: 'hello', draft })),
    );
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused.length).toBeGreaterThanOrEqual(10);
    for (const problem of refused) expect(problem).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
    expect(await api.previewTemplate({ template: 'hello', draft })).toMatchObject({ text: 'Hello' });
  });
});

describe('the development inbox in the browser', () => {
  const page = (path = '', headers: Record<string, string> = {}) =>
    fetch(`${platform.url}/dev/inbox${path}`, { headers });

  test('shows messages, escaped, and the HTML in a frame without script', async () => {
    await api.saveTemplate({
      template: 'hostile',
      locale: 'en',
      ...words,
      subject: '{{ name }}',
      html: '<p>Hi</p><script>alert(1)</script>',
    });
    const email = freshEmail();
    const { id } = await api.sendNotification({
      email,
      template: 'hostile',
      locale: 'en',
      data: { name: '<img src=x>' },
    });
    await until(async () => (await api.getNotification({ notificationId: id })).state === 'delivered');
    const shown = await page();
    expect(shown.status).toBe(200);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const text = await shown.text();
    expect(text).toContain('&lt;img src=x&gt;');
    expect(text).not.toContain('<img src=x>');
    expect(text).toContain(email);
    const message = await page(`/${id}`);
    expect(await message.text()).toContain('<p>Hi</p>');
    expect(message.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox(?!.*allow-scripts)/);
    expect(await (await page('?search=%25')).text()).toContain('No message has');
    expect(await (await page('?search=%3Cimg')).text()).toContain(email);
  });

  test.each(['/ntf_0', '/nothing', '/%00'])('%s is a 404 in words', async (path) => {
    const answer = await page(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is open elsewhere to who has its link', async () => {
    const elsewhere = { 'x-forwarded-for': '192.0.2.1' };
    const link = await fetch(`${platform.url}/dev/inbox?key=${pageKey(platform.access.serviceKey, '/dev/inbox')}`, {
      headers: elsewhere,
      redirect: 'manual',
    });
    expect([link.status, link.headers.get('location')]).toEqual([303, '/dev/inbox']);
    const cookie = link.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await page('', { ...elsewhere, cookie })).status).toBe(200);
    expect((await page('?key=wrong', elsewhere)).status).toBe(403);
  });

  test('is for this machine only', async () => {
    const answer = await page('', { 'x-forwarded-for': '192.0.2.1' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining('NOTIFICATIONS_DEV_INBOX') as unknown,
    });
  });
});

describe('customers away', () => {
  test('a message to a customer waits for nobody: 503, nothing queued', async () => {
    const problem = await problemOf(
      api.sendNotification(
        { customerId: `cus_${'0'.repeat(32)}`, template: 'account-exists' },
        { signal: AbortSignal.timeout(20_000) },
      ),
    );
    expect(problem.status).toBe(503);
    expect((await api.listNotifications({ template: 'account-exists' })).items).toEqual([]);
  });
});
