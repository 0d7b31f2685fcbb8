import { describe, expect, test } from '@jest/globals';
import { readSettings } from './settings.ts';

describe('settings', () => {
  test('with nothing set, mail lands in the development inbox of this machine', () => {
    expect(readSettings({})).toMatchObject({
      mailServers: [],
      devInbox: 'local',
      locale: 'en',
      timeZone: 'UTC',
      quietHours: { from: '21:00', until: '08:00' },
      maxAttempts: 12,
    });
  });

  test('mail servers are tried in the order given', () => {
    expect(
      readSettings({ SMTP_URL: 'smtp://one.example', SMTP_FALLBACK_URLS: 'smtp://two.example, smtps://three.example' })
        .mailServers,
    ).toEqual(['smtp://one.example', 'smtp://two.example', 'smtps://three.example']);
  });

  test('quiet hours can be switched off', () => {
    expect(readSettings({ NOTIFICATIONS_QUIET_HOURS: 'none' }).quietHours).toBeNull();
  });

  test.each([
    [
      'MAIL_FROM',
      'nobody',
      'MAIL_FROM holds "nobody"; it should hold a sender, for example Lantern Shop <hello@example.com>.',
    ],
    [
      'SHOP_LOCALE',
      'English',
      'SHOP_LOCALE holds "English"; it should hold a language and maybe a region, for example en or pt-BR.',
    ],
    [
      'SHOP_TIME_ZONE',
      'Mars/Olympus',
      'SHOP_TIME_ZONE holds "Mars/Olympus"; it should hold a time zone of the IANA database, for example Europe/Berlin.',
    ],
    [
      'NOTIFICATIONS_QUIET_HOURS',
      '9pm',
      'NOTIFICATIONS_QUIET_HOURS holds "9pm"; it should hold hours without marketing, for example 21:00-08:00, or none.',
    ],
    [
      'NOTIFICATIONS_MAX_ATTEMPTS',
      '0',
      'NOTIFICATIONS_MAX_ATTEMPTS holds "0"; it should hold a whole number from 1 to 100.',
    ],
    ['SMTP_FALLBACK_URLS', 'smtp://two.example', 'SMTP_FALLBACK_URLS is set without SMTP_URL; set SMTP_URL first.'],
  ])('%s = %s is refused in words', (name, value, sentence) => {
    expect(() => readSettings({ [name]: value })).toThrow(sentence);
  });

  test('a wrong mail server is refused without repeating its password', () => {
    const read = () => readSettings({ SMTP_URL: 'http://user:geheim@mail.example' });
    expect(read).toThrow('SMTP_URL holds something else; it should hold the address of a mail server');
    expect(read).not.toThrow('geheim');
  });
});
