import { once } from 'node:events';
import { createServer, request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from '@jest/globals';
import { hasHungUp, isEncoded, readJsonObject } from './body.ts';

/** The error of reading a request of which half the body was sent. */
const seenAfter = async (
  read: (request: IncomingMessage) => Promise<unknown>,
  then: (outgoing: ClientRequest) => void,
): Promise<boolean> => {
  const seen = Promise.withResolvers<boolean>();
  const server = createServer((request, response) => {
    read(request).then(seen.reject, () => {
      seen.resolve(hasHungUp(request));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outgoing = ask({ port, method: 'POST', headers: { 'content-length': '500' } }).on('error', () => undefined);
  outgoing.write('half');
  await once(server, 'request');
  setTimeout(() => then(outgoing), 50);
  const found = await seen.promise;
  outgoing.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return found;
};

const readAll = async (request: IncomingMessage): Promise<void> => {
  for await (const chunk of request as AsyncIterable<Buffer>) expect(chunk.length).toBeGreaterThan(0);
};
const nothing = (): void => undefined;

describe('a request of which half came', () => {
  test.each([
    ['read in a loop', readAll],
    ['piped', (request: IncomingMessage) => pipeline(request, new PassThrough().resume())],
    ['not read yet', (request: IncomingMessage) => once(request, 'close').then(() => Promise.reject(new Error('x')))],
  ])('and whose caller hung up is known as such when it is %s', async (_how, read) => {
    expect(await seenAfter(read, (outgoing) => outgoing.destroy())).toBe(true);
  });

  test('and which we stopped to read is none of the caller’s faults', async () => {
    const stopped = async (request: IncomingMessage): Promise<void> => {
      for await (const chunk of request as AsyncIterable<Buffer>) throw new Error(`no room for ${chunk.length}`);
    };
    const full = new PassThrough({ transform: (_chunk, _encoding, done) => done(new Error('no room')) });
    expect(await seenAfter(stopped, nothing)).toBe(false);
    expect(await seenAfter((request) => pipeline(request, full), nothing)).toBe(false);
  });
});

const read = (bytes: Buffer): Promise<unknown> =>
  readJsonObject(Readable.from([bytes], { objectMode: false }) as IncomingMessage, 1_000_000);

describe('a JSON body', () => {
  test.each([
    ['Latin-1', Buffer.from('{"name":"Caf\u00e9"}', 'latin1')],
    ['UTF-16', Buffer.from('{"name":"A"}', 'utf16le')],
    ['an overlong form', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a surrogate', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ])('in %s is refused: repaired, it would say something else', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ status: 400, code: 'INVALID_JSON' });
  });

  test('in UTF-8 is read, whatever it says', async () => {
    expect(await read(Buffer.from('{"name":"Café 👩‍👩‍👧 \uffff"}'))).toEqual({ name: 'Café 👩‍👩‍👧 \uffff' });
  });

  test('may be nested 100 levels deep, not more: what walks it would run out of stack', async () => {
    const nested = (depth: number): Buffer => Buffer.from(`{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`);
    expect(await read(nested(100))).toHaveProperty('a');
    await expect(read(nested(101))).rejects.toMatchObject({ status: 400, code: 'INVALID_JSON' });
    const flat = { text: '[[{{"\\"'.repeat(200), list: Array.from({ length: 200 }, () => [[{}]]) };
    expect(await read(Buffer.from(JSON.stringify(flat)))).toEqual(flat);
  });
});

test.each<[string | undefined, boolean]>([
  ['gzip', true],
  ['br', true],
  ['zstd', true],
  ['gzip, identity', true],
  [undefined, false],
  ['identity', false],
  [' Identity ', false],
])('a body encoded with %s is an encoded one: %s', (encoding, expected) => {
  expect(isEncoded({ headers: { 'content-encoding': encoding } } as unknown as IncomingMessage)).toBe(expected);
});
