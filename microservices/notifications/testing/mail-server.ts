import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { until } from '../../chassis/testing/until.ts';

/** A mail server that keeps what it takes, for tests to read. */
export interface MailServer {
  url: string;
  received: Email[];
  /** Decides about a message before it is taken: an error with `responseCode` refuses it. */
  onMessage: (email: Email) => Promise<void>;
  /** Decides about a recipient. */
  onRecipient: (address: string) => void;
  /** The messages to an address, once there are `count`. */
  to(address: string, count?: number): Promise<Email[]>;
  close(): Promise<void>;
}

/** An error as a mail server says it: 4xx for later, 5xx for never. */
export const smtpError = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/** Starts a mail server on a free port, or on one that it had before. */
export const startMailServer = async (port = 0): Promise<MailServer> => {
  const received: Email[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: ({ address }, _session, done) => {
      try {
        running.onRecipient(address);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    onData: (stream, _session, done) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
        const email = await PostalMime.parse(Buffer.concat(chunks));
        await running.onMessage(email);
        received.push(email);
      })().then(
        () => done(),
        (error: unknown) => done(error as Error),
      );
    },
  });
  // A sender that is killed in the middle of a message is what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const running: MailServer = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    onMessage: async () => undefined,
    onRecipient: () => undefined,
    to: async (address, count = 1) => {
      const found = () => received.filter((email) => email.to?.some((one) => one.address === address));
      await until(async () => found().length >= count);
      return found();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return running;
};
