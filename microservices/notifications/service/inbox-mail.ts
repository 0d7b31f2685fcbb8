import type { Readable } from 'node:stream';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { newId } from '../../chassis/ids.ts';
import type { Context } from '../context.ts';
import { putMessage } from '../store/dev-inbox.ts';

/** What is said of such a message in place of a template. */
const BY_SMTP = 'smtp';
const MOST_BYTES = 1_048_576;
const MOST_RECIPIENTS = 50;
const SILENCE_MS = 10_000;

type Done = (error?: Error | null) => void;

/** An error as a mail server says it (RFC 5321): 4xx for later, 5xx for never. */
const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });

/**
 * A mail server in front of the development inbox, for programs on this machine that send e-mail by themselves, such as
 * n8n's Send Email node: what they send is read where all other messages are, and goes nowhere else. `url` says where
 * it listens and the user and password that it asks for.
 */
export const startInboxMail = (context: Context, url: string): { stop: () => Promise<void> } => {
  const { hostname, port, username, password } = new URL(url);
  const known = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  const server = new SMTPServer({
    // The connection does not leave this machine.
    ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false },
    ...{ size: MOST_BYTES, maxClients: 20, socketTimeout: SILENCE_MS },
    onAuth: (given, _session, done) =>
      given.username === known.user && given.password === known.password
        ? done(null, { user: known.user })
        : done(refusal(535, 'Wrong user or password.')),
    onRcptTo: (_address, session, done) =>
      session.envelope.rcptTo.length < MOST_RECIPIENTS
        ? done()
        : done(refusal(452, `A message goes to ${MOST_RECIPIENTS} recipients at most.`)),
    onData: (stream, session, done) => settle(receive(context, stream, session), done),
  });
  server.on('error', (err) => context.log.warn({ err }, 'the mail server of the development inbox failed'));
  server.listen(Number(port), hostname);
  return { stop: () => new Promise((resolve) => server.close(() => resolve())) };
};

const settle = (work: Promise<void>, done: Done): void => {
  work.then(
    () => done(),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
  );
};

const receive = async (
  { database, now, log }: Context,
  stream: Readable & { sizeExceeded: boolean },
  { envelope }: SMTPServerSession,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) if (!stream.sizeExceeded) chunks.push(chunk);
  if (stream.sizeExceeded) throw refusal(552, `A message has ${MOST_BYTES} bytes at most.`);
  const { from, subject, text, html } = await PostalMime.parse(Buffer.concat(chunks));
  const sender = addressOf(from) ?? (envelope.mailFrom ? envelope.mailFrom.address : '');
  const received = { sender: storable(sender), subject: storable(subject), received_at: now().toISOString() };
  const written = { body: storable(text), html: html === undefined ? null : storable(html), template: BY_SMTP };
  try {
    await database.transaction(async (tx) => {
      for (const { address } of envelope.rcptTo)
        await putMessage(tx, {
          ...{ id: newId('ntf'), recipient: storable(address).toLowerCase() },
          ...received,
          ...written,
        });
    });
  } catch (err) {
    log.warn({ err }, 'a message could not be put into the development inbox');
    throw refusal(451, 'The message could not be kept. Send it again.');
  }
};

const addressOf = (from: Email['from']): string | undefined =>
  from?.address === undefined ? undefined : from.name ? `${from.name} <${from.address}>` : from.address;

/** PostgreSQL keeps neither NUL nor halves of characters. */
const storable = (text: string | undefined): string => (text ?? '').replaceAll('\0', '').toWellFormed();
