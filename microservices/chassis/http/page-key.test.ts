import express from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hasPageCookie, hasPageKey, pageKey, takePageKey } from './page-key.ts';

const KEY = pageKey('secret', '/page');
let server: Server;
let url = '';

beforeAll(async () => {
  const app = express().use('/page', takePageKey('/page', KEY), (request, response) => {
    response.json({ cookie: hasPageCookie(request, KEY), key: hasPageKey(request, KEY) });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (query = '', cookie = '') =>
  fetch(`${url}${query}`, { redirect: 'manual', headers: cookie ? { cookie } : {} });

test('a key opens one page of one platform', () => {
  expect(pageKey('secret', '/page')).toBe(KEY);
  expect([pageKey('other', '/page'), pageKey('secret', '/other')]).not.toContain(KEY);
});

test('the link becomes a cookie of the page, and an address without the key', async () => {
  const taken = await ask(`?key=${KEY}`);
  expect([taken.status, taken.headers.get('location'), taken.headers.get('cache-control')]).toEqual([
    303,
    '/page',
    'no-store',
  ]);
  const cookie = taken.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; Path=\/page; HttpOnly; SameSite=Lax$/);
  expect(await (await ask('', `other=1; ${cookie.split(';')[0]}`)).json()).toEqual({ cookie: true, key: false });
});

test.each(['', '?key=', '?key=wrong', `?key=${KEY}x`, `?key=${KEY}&key=${KEY}`, `?key[]=${KEY}`])(
  '%s opens nothing',
  async (query) => {
    expect(await (await ask(query, `fusioncommerce-page=wrong`)).json()).toEqual({ cookie: false, key: false });
  },
);
