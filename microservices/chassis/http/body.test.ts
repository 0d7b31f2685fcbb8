import { once } from 'node:events';
import { createServer, request as ask, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from '@jest/globals';
import { hasHungUp } from './body.ts';

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
