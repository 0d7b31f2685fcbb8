import { randomBytes } from 'node:crypto';
import { readSettings } from '../../microservices/chassis/settings/index.ts';
import { mailServersOf, settings } from '../../microservices/notifications/settings.ts';
import type { Credential } from '../n8n/provision.ts';
import { freePort } from '../process/free-port.ts';

export interface InboxMail {
  /** The value of NOTIFICATIONS_INBOX_SMTP_URL. */
  url: string;
  /** With which n8n's e-mail nodes send there. */
  credential: Credential;
}

/**
 * The mail server of the development inbox, under a new password at each start: what n8n's Send Email node sends is
 * then read in the inbox. Undefined where there is no such inbox, because e-mail really goes out or the inbox is off.
 */
export const inboxMailFor = async (environment: Record<string, string | undefined>): Promise<InboxMail | undefined> => {
  const given = readSettings(settings, environment);
  if (mailServersOf(given).length > 0 || given.devInbox === 'off') return undefined;
  const secret = randomBytes(24).toString('base64url');
  const url = given.inboxSmtpUrl ?? `smtp://n8n:${secret}@127.0.0.1:${await freePort()}`;
  const { hostname, port, username, password } = new URL(url);
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return {
    url,
    credential: {
      name: 'Development Inbox',
      type: 'smtp',
      data: { ...login, host: hostname, port: Number(port), secure: false, disableStartTls: true, hostName: '' },
    },
  };
};
