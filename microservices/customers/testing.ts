import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Problem } from '../chassis/problem.ts';
import { notificationsContract } from '../notifications/contract.ts';

const letter = notificationsContract.operations.sendNotification.input;
export type Letter = z.output<typeof letter>;

/**
 * The notifications service as seen from here: takes what its contract takes, and keeps it so that a test can read its
 * mail.
 */
export interface Mailbox {
  url: string;
  letters: Letter[];
  /** How many requests were refused. */
  refusals(): number;
  /** The status that the next requests get instead of being taken. */
  refuseWith(status: number | undefined): void;
  /** The newest letter to an address, waiting up to 20 s for the `count`th. */
  to(address: string, count?: number): Promise<Letter>;
  close(): Promise<void>;
}

/** `emailOf` is asked for the address of a customer, as the notifications service asks. */
export const openMailbox = async (emailOf: (customerId: string) => Promise<string | null>): Promise<Mailbox> => {
  const letters: Letter[] = [];
  let refusal: number | undefined;
  let refusals = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const read = letter.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const status = refusal ?? (read.success && request.url === '/v1/notifications' ? 202 : 400);
      if (status === 202 && read.success) letters.push(await addressed(read.data, emailOf));
      else refusals += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      // A platform that stops leaves letters behind whose addressee nobody knows any more.
    })().catch(() => response.writeHead(503).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    refusals: () => refusals,
    refuseWith: (status) => (refusal = status),
    to: async (address, count = 1) => {
      for (let waited = 0; waited < 20_000; waited += 20) {
        const found = letters.filter((one) => one.email === address);
        const newest = found.at(-1);
        if (newest && found.length >= count) return newest;
        await sleep(20);
      }
      throw new Error(
        `No letter number ${count} to ${address} came within 20 s; there are ${letters.length} letters to others.`,
      );
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const addressed = async (one: Letter, emailOf: (customerId: string) => Promise<string | null>): Promise<Letter> =>
  one.customerId === undefined ? one : { ...one, email: (await emailOf(one.customerId)) ?? undefined };

const codeLetter = z.object({ code: z.string(), codeId: z.string() });

/** The code in a letter. */
export const codeIn = (from: Letter): { code: string; codeId: string } => codeLetter.parse(from.data);

/** A code that is not this one. */
export const notThe = (code: string): string => `${code.slice(0, -1)}${code.endsWith('7') ? '8' : '7'}`;

export const freshEmail = (): string => `person-${randomBytes(6).toString('hex')}@example.org`;
export const PASSWORD = 'correct horse battery';

/** The problem that a call is refused with; a call that is not refused fails the test. */
export const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  const outcome = await call.then(
    (output) => new Error(`Expected a refusal, got ${JSON.stringify(output)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Problem) return outcome;
  throw outcome;
};
