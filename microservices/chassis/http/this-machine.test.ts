import { createServer, request as ask } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isFromThisMachine } from './this-machine.ts';

const server = createServer((request, response) => response.end(String(isFromThisMachine(request))));
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const seen = async (headers: Record<string, string>): Promise<string> => {
  const outgoing = ask({ port, host: '127.0.0.1', headers, agent: false }).end();
  const [answer] = (await once(outgoing, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of answer) text += chunk.toString();
  return text;
};

describe('a request from a loopback address', () => {
  test.each(['127.0.0.1:3000', 'localhost:3000', 'LOCALHOST', '[::1]:3000', '127.0.0.2'])(
    'for the host %s is from this machine',
    async (host) => {
      expect(await seen({ host })).toBe('true');
    },
  );

  test.each(['rebound.example:3000', 'localhost.example', '127.0.0.1.nip.io', '192.168.1.7:3000', 'shop.example'])(
    'for the host "%s" is not',
    async (host) => {
      expect(await seen({ host })).toBe('false');
    },
  );

  test.each([
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'forwarded',
    'via',
    'x-real-ip',
    'cf-connecting-ip',
    'x-envoy-external-address',
  ])('with the header %s comes through a proxy', async (header) => {
    expect(await seen({ host: 'localhost', [header]: 'x' })).toBe('false');
  });

  test('in HTTP/1.0 comes from a proxy that hides itself', async () => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n'));
    let text = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) text += chunk.toString();
    expect(text).toContain('\r\n\r\nfalse');
  });
});
