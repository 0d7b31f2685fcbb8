import { createServer, Agent, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryAway } from '../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';

// Two processes of one platform: a proxy leads to the outer one, which passes on what belongs to the inner one.
let inner: TestPlatform;
let outer: TestPlatform;
let proxy: { url: string; server: Server; agent: Agent };
const rateLimit = { perMinutePerKey: 6_000, perMinutePerAddress: 1_200 };

/** A proxy as they all are: it tells the visitor's address, which tests give by a header. */
const openProxy = async (target: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const server = createServer((request, response) => {
    const { 'x-visitor': visitor, ...headers } = request.headers;
    const passed = ask(
      `${target}${request.url ?? ''}`,
      { method: request.method, agent, headers: { ...headers, 'x-forwarded-for': String(visitor) } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, agent };
};

beforeAll(async () => {
  inner = await startTestPlatform({ services: [catalog], remote: [inventoryAway], rateLimit });
  outer = await startTestPlatform({
    services: [customers],
    access: inner.access,
    remote: [{ contract: catalogContract, url: inner.url }],
    trustProxy: ['loopback'],
    rateLimit,
  });
  proxy = await openProxy(outer.url);
});
afterAll(async () => {
  proxy.server.closeAllConnections();
  proxy.agent.destroy();
  await new Promise((resolve) => proxy.server.close(resolve));
  await outer.stop();
  await inner.stop();
});

const read = async (visitor: string, credential?: string): Promise<number> => {
  const answer = await fetch(`${proxy.url}/v1/catalog/attributes`, {
    headers: { 'x-visitor': visitor, ...(credential ? { authorization: `Bearer ${credential}` } : {}) },
  });
  await answer.body?.cancel();
  return answer.status;
};

const repeated = async (count: number, callers: number, call: () => Promise<number>): Promise<Map<number, number>> => {
  const seen = new Map<number, number>();
  let left = count;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const status = await call();
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return seen;
};

test('5,000 anonymous requests in a minute from one address disturb nobody who is signed in, nor other visitors', async () => {
  const { session } = await outer.client(customersContract).createGuest({ locale: 'en' });
  const started = Date.now();
  const [flood, administrator, guest, visitor] = await Promise.all([
    repeated(5_000, 40, () => read('203.0.113.7')),
    repeated(100, 2, () => read('203.0.113.7', inner.adminKey)),
    repeated(100, 2, () => read('203.0.113.8', session.accessToken)),
    repeated(100, 2, () => read('203.0.113.9')),
  ]);
  expect(Date.now() - started).toBeLessThan(60_000);
  expect(Object.fromEntries(flood)).toEqual({ 200: 1_200, 429: 3_800 });
  expect([administrator, guest, visitor].map((seen) => Object.fromEntries(seen))).toEqual([
    { 200: 100 },
    { 200: 100 },
    { 200: 100 },
  ]);
});

test('the audit log of the inner process shows the address of the visitor', async () => {
  const answer = await fetch(`${proxy.url}/v1/categories`, {
    method: 'POST',
    headers: {
      'x-visitor': '203.0.113.20',
      authorization: `Bearer ${inner.adminKey}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ slug: 'lamps', title: { en: 'Lamps' } }),
  });
  expect(answer.status).toBeLessThan(300);
  const [row] = await inner
    .database('catalog')
    .rows<{ address: string }>(`SELECT address FROM audit_log WHERE operation = 'catalog.createCategory'`);
  expect(row?.address).toBe('203.0.113.20');
});
