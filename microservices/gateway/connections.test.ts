import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { explainRefusals, limitConnections, paced, sharedAddress } from './connections.ts';

let server: Server;
const sockets: Socket[] = [];
const start = async (made: Server): Promise<number> => {
  server = made;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const open = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('connections of one network', () => {
  test('are so many at most, and again so many when they end', async () => {
    const made = createServer((_request, response) => response.end());
    limitConnections(made, () => false, 2);
    const port = await start(made);
    const first = await open(port);
    await open(port);
    const third = await open(port);
    await once(third, 'close');
    first.destroy();
    await sleep(50);
    const next = await open(port);
    next.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    const [answer] = (await once(next, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
  });

  test('are not counted for proxies in front and this machine, which many share', () => {
    const isShared = sharedAddress(['10.0.0.0/8']);
    expect(['127.0.0.1', '::1', '10.1.2.3', '192.0.2.1'].map(isShared)).toEqual([true, true, true, false]);
    expect(sharedAddress(1)('192.0.2.1')).toBe(true);
    expect(sharedAddress([])('10.1.2.3')).toBe(false);
  });
});

describe('what is no readable HTTP', () => {
  const said = async (sent: string): Promise<string> => {
    const made = createServer({ headersTimeout: 100, connectionsCheckingInterval: 50 }, (_request, response) =>
      response.end(),
    );
    explainRefusals(made);
    const socket = await open(await start(made));
    socket.write(sent);
    let text = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) text += chunk.toString();
    return text;
  };

  test.each([
    ['HEADERS_TOO_LARGE', 431, `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['REQUEST_TIMEOUT', 408, 'GET / HTTP/1.1\r\nhost: x\r\n'],
    ['MALFORMED_REQUEST', 400, 'NONSENSE\r\n\r\n'],
  ])('is refused in words: %s', async (code, status, sent) => {
    const text = await said(sent);
    expect(text).toMatch(`HTTP/1.1 ${status} `);
    expect(text).toContain(`"code":"${code}"`);
  });
});

describe('a body', () => {
  const head = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n';
  const reading = express().use(paced({ everyMs: 100, bytes: 100 }), (request, response) => {
    request.on('end', () => response.end('whole')).resume();
  });

  test('that trickles in is given up', async () => {
    const socket = await open(await start(createServer(reading)));
    socket.write(head);
    const drip = setInterval(() => socket.write('x'), 20);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    // The server closes while we still send, which may reset the connection after its response.
    socket.on('error', () => undefined);
    // `once` of Node would throw that error.
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(text).toContain('408 Request Timeout');
    expect(text).toContain('REQUEST_TIMEOUT');
  });

  test('that comes steadily is read, however long it takes', async () => {
    const socket = await open(await start(createServer(reading)));
    socket.write(head);
    for (let sent = 0; sent < 100_000; sent += 10_000) {
      socket.write('x'.repeat(10_000));
      await sleep(40);
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
  });

  test('that we read slowly ourselves is not given up', async () => {
    const slowly = express().use(paced({ everyMs: 50, bytes: 100 }), (request, response) => {
      setTimeout(() => request.on('end', () => response.end('whole')).resume(), 400);
    });
    const socket = await open(await start(createServer(slowly)));
    socket.write(head + 'x'.repeat(100_000));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
  });
});
