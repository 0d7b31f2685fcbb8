import { createTransport, type Transporter } from 'nodemailer';

/** A message on its way to a mail server. */
export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string | null;
  /** The same with every attempt, so that a server or a mail program can tell a repeat. */
  messageId: string;
  purpose: 'transactional' | 'marketing';
}

export type MailOutcome =
  | { kind: 'sent'; provider: string }
  /** The server will never take it: wrong address, refused content. */
  | { kind: 'refused'; provider: string; reason: string; detail: string }
  /** Nobody could take it now. */
  | { kind: 'away'; reason: string; detail: string };

export interface Mailer {
  send(mail: Mail): Promise<MailOutcome>;
  /** Closes the connections that are kept between messages. */
  close(): void;
}

/** How long a server that was away is passed over. */
const PAUSE_MS = 30_000;
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 8_000, dnsTimeout: 5_000 };

/** When each server may be asked again, by its address; shared by the batches of a process. */
export type Pauses = Map<string, number>;

/**
 * Sends through the first mail server that takes the message. One that is away is passed over for a while, unless all
 * are. Connections are kept for a batch and closed after it.
 */
export const openMailer = (urls: readonly string[], pauses: Pauses, now: () => number = Date.now): Mailer => {
  const servers = urls.map((url) => ({
    url,
    name: new URL(url).hostname,
    transport: createTransport({ url, pool: true, maxConnections: 5, ...TIMEOUTS }),
  }));
  return {
    send: async (mail) => {
      const awake = servers.filter(({ url }) => (pauses.get(url) ?? 0) <= now());
      let worst: MailOutcome = { kind: 'away', reason: 'no mail server is set up', detail: '' };
      for (const [index, server] of (awake.length > 0 ? awake : servers).entries()) {
        const outcome = await sendThrough(server.name, server.transport, mail);
        if (outcome.kind === 'sent') return outcome;
        if (outcome.kind === 'away') pauses.set(server.url, now() + PAUSE_MS);
        // A refusal is final only when every server was asked and refused: one of them may not be allowed to relay.
        if (index === 0 || outcome.kind === 'away') worst = outcome;
      }
      return worst;
    },
    close: () => {
      for (const { transport } of servers) transport.close();
    },
  };
};

const sendThrough = async (provider: string, transport: Transporter, mail: Mail): Promise<MailOutcome> => {
  try {
    await transport.sendMail({
      from: mail.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      ...(mail.html === null ? {} : { html: mail.html }),
      messageId: mail.messageId,
      headers: mail.purpose === 'transactional' ? { 'Auto-Submitted': 'auto-generated' } : { Precedence: 'bulk' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { kind: 'sent', provider };
  } catch (error) {
    return failureOf(provider, error);
  }
};

/**
 * A final "no" concerns the message; whatever else went wrong concerns the server. Wrong credentials are the server's
 * (ours) too.
 */
const failureOf = (provider: string, error: unknown): MailOutcome => {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string };
  const detail = String(message ?? error).slice(0, 500);
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') {
    return { kind: 'refused', provider, reason: `the mail server refused it (${responseCode})`, detail };
  }
  return { kind: 'away', reason: `the mail server did not take it (${responseCode ?? code ?? 'no response'})`, detail };
};
