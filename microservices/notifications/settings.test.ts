import { readSettings } from '../chassis/settings/index.ts';
import { mailServersOf, settings } from './settings.ts';

test('mail servers are tried in the order given', () => {
  const given = { SMTP_URL: 'smtp://one.example', SMTP_FALLBACK_URLS: 'smtp://two.example, smtps://three.example' };
  expect(mailServersOf(readSettings(settings, given))).toEqual([
    'smtp://one.example',
    'smtp://two.example',
    'smtps://three.example',
  ]);
});

test('fallbacks without a first server are refused', () => {
  const read = readSettings(settings, { SMTP_FALLBACK_URLS: 'smtp://two.example' });
  expect(() => mailServersOf(read)).toThrow('SMTP_FALLBACK_URLS is set without SMTP_URL; set SMTP_URL first.');
});

test('quiet hours can be switched off, and others than hours are refused', () => {
  expect(readSettings(settings, { NOTIFICATIONS_QUIET_HOURS: 'none' }).quietHours).toBeNull();
  expect(() => readSettings(settings, { NOTIFICATIONS_QUIET_HOURS: '9pm' })).toThrow(
    'NOTIFICATIONS_QUIET_HOURS holds "9pm", but should be hours without marketing',
  );
});
