import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { listen, greetings, KEYS, parcels, serviceOf, startGateway, type Listening } from './test-services.ts';
import { pageKey } from '../chassis/http/page-key.ts';
import type { GatewayOptions } from './index.ts';

let open: Listening[] = [];
const start = async (options: Partial<GatewayOptions> = {}): Promise<string> => {
  const gateway = await startGateway(options);
  open.push(gateway);
  return gateway.url;
};
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('routing', () => {
  test('an operation of a service in this process responds', async () => {
    const answer = await fetch(`${await start()}/v1/greetings/Ada`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ greeting: 'Hello, Ada' });
  });

  test('an unknown path is a 404 that names the known ones', async () => {
    const answer = await fetch(`${await start()}/v1/greeting/Ada`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'NOT_FOUND',
      instance: '/v1/greeting/Ada',
      detail: expect.stringContaining('/v1/greetings, /v1/parcels') as unknown,
    });
  });

  test.each([
    ['DELETE', '/v1/greetings/Ada', 'GET'],
    ['GET', '/v1/greetings', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['PUT', '/', 'GET, HEAD'],
  ])('%s %s is a 405 that allows %s', async (method, path, allowed) => {
    const answer = await fetch(`${await start()}${path}`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allowed);
    expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  test.each([
    '/%E0%A4%A',
    '/v1/greetings/%E0%A4%A',
    '/v1/%',
    '/v1/greetings/%00',
    '/v1//greetings',
    '/v1/greetings/..%2f..%2f',
  ])('the hostile path %s is never a fault of ours', async (path) => {
    const answer = await fetch(`${await start()}${path}`);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toMatch('json');
  });

  test('pages of a service are served beside its operations', async () => {
    const routes = ((request: { path: string }, response: { send(body: string): void }, next: () => void) =>
      request.path === '/dev/inbox' ? response.send('inbox') : next()) as never;
    const url = await start({ local: [serviceOf(greetings), serviceOf(parcels, { routes })] });
    expect(await (await fetch(`${url}/dev/inbox`)).text()).toBe('inbox');
  });

  test('two services with one first segment are refused at the start', async () => {
    await expect(
      start({ local: [serviceOf(greetings), serviceOf({ ...greetings, domain: 'other' })] }),
    ).rejects.toThrow('greetings and other both have paths under /v1/greetings');
  });
});

describe('headers', () => {
  test('responses have security headers and do not name the software', async () => {
    const { headers } = await fetch(`${await start()}/v1/greetings/Ada`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('a correlation id is kept when given, made otherwise, and on refusals too', async () => {
    const url = await start();
    const kept = await fetch(`${url}/v1/nothing`, { headers: { 'x-correlation-id': 'story-1' } });
    expect(kept.headers.get('x-correlation-id')).toBe('story-1');
    const made = await fetch(`${url}/v1/greetings/Ada`, { headers: { 'x-correlation-id': 'two words' } });
    expect(made.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a page of an allowed origin may call, of another may not', async () => {
    const url = await start({ corsOrigins: ['https://shop.example'] });
    const preflight = (origin: string) =>
      fetch(`${url}/v1/greetings`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://shop.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect((await preflight('https://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('limits', () => {
  test('a body declared too large is refused unread', async () => {
    const url = await start({ maxBodyBytes: 1_000 });
    const answer = await fetch(`${url}/v1/parcels/weigh`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.alloc(1_001),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', data: { limit: 1_000 } });
  });
});

describe('health and metrics', () => {
  test('ready names every dependency', async () => {
    const url = await start({ dependencies: [{ name: 'kafka', check: async () => undefined }] });
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      status: 'ready',
      dependencies: ['greetings', 'parcels', 'kafka'].map((name) => ({ name, ready: true })),
    });
  });

  test('with one unavailable it is a 503 that names it, and it is still alive', async () => {
    const away = async () => Promise.reject(new Error('connection refused'));
    const url = await start({ local: [serviceOf(greetings), serviceOf(parcels, { ready: away })] });
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: 'NOT_READY',
      detail: 'Unavailable: parcels (connection refused).',
      data: {
        dependencies: [
          { name: 'greetings', ready: true },
          { name: 'parcels', ready: false },
        ],
      },
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('a service of another process is checked, and named when unavailable', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const url = await start({
      local: [serviceOf(greetings)],
      remote: [{ domain: 'parcels', contract: parcels, url: gone.url }],
    });
    expect(await (await fetch(`${url}/readyz?all`)).json()).toMatchObject({
      data: { dependencies: [{ ready: true }, { name: 'parcels', ready: false }] },
    });
  });

  test('a service of another process that is away leaves this one ready', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const url = await start({
      local: [serviceOf(greetings)],
      remote: [{ domain: 'parcels', contract: parcels, url: gone.url }],
    });
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', dependencies: [{ name: 'greetings', ready: true }] },
    ]);
  });

  test('a process that stops is alive, and ready for nothing new', async () => {
    let stopping = false;
    const url = await start({ isStopping: () => stopping });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    stopping = true;
    const answer = await fetch(`${url}/readyz`);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'STOPPING' }]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('two processes that need each other are both ready, as neither waits for the other to be so', async () => {
    let there = '';
    const door = await listen((request, response) => {
      fetch(`${there}${request.url ?? ''}`).then(
        (answer) => response.writeHead(answer.status).end(),
        () => response.destroy(),
      );
    });
    open.push(door);
    const here = await start({
      local: [serviceOf(greetings)],
      remote: [{ domain: 'parcels', contract: parcels, url: door.url }],
    });
    there = await start({
      local: [serviceOf(parcels)],
      remote: [{ domain: 'greetings', contract: greetings, url: here }],
    });
    const answers = await Promise.all([here, there].map((url) => fetch(`${url}/readyz?all`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('metrics are for this machine and for keys with the scope', async () => {
    const url = await start();
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('http_request_duration_seconds');
    const forwarded = { 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${url}/metrics`, { headers: forwarded })).status).toBe(401);
    expect((await fetch(`${url}/metrics`, { headers: { ...forwarded, ...bearer(KEYS.none) } })).status).toBe(403);
    expect((await fetch(`${url}/metrics`, { headers: { ...forwarded, ...bearer(KEYS.metrics) } })).status).toBe(200);
    expect((await fetch(`${await start({ openMetrics: true })}/metrics`, { headers: forwarded })).status).toBe(200);
    const byLink = await start({ serviceKey: KEYS.full });
    const link = (path: string, from = byLink) =>
      fetch(`${from}/metrics?key=${pageKey(KEYS.full, path)}`, { headers: forwarded });
    expect((await link('/metrics')).status).toBe(200);
    expect([(await link('/dev/inbox')).status, (await link('/metrics', url)).status]).toEqual([401, 401]);
  });

  test('metrics are compressed for those who ask, as Prometheus does', async () => {
    const url = await start();
    const asked = async (encoding: string) => {
      const answer = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': encoding } });
      return [answer.headers.get('content-encoding'), (await answer.text()).includes('process_cpu_seconds_total')];
    };
    expect(await asked('gzip')).toEqual(['gzip', true]);
    expect(await asked('identity')).toEqual([null, true]);
  });

  test('a page that rebinds its name to this machine sees no metrics', async () => {
    const url = await start();
    const outgoing = httpRequest(`${url}/metrics`, { headers: { host: 'rebound.example' } }).end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(401);
  });

  test('the landing page lists the services, escaped, under a policy without script', async () => {
    const contract = { ...greetings, title: 'Greetings <b>&' };
    const answer = await fetch(await start({ local: [serviceOf(contract)] }));
    expect(answer.headers.get('content-type')).toMatch('text/html');
    expect(answer.headers.get('content-security-policy')).not.toContain('script-src');
    expect(await answer.text()).toContain('Greetings &lt;b&gt;&amp;');
  });

  test('the first page has a door for each kind of visitor, and numbers for this machine only', async () => {
    const numbers = async () => [
      { title: 'Orders today', value: 1_234, href: '/reference/orders' },
      { title: 'Dead letters', value: undefined },
    ];
    const links = [{ href: '/journeys', title: 'Journeys', description: 'Live.', doors: ['analyst' as const] }];
    const url = await start({ numbers, links });
    const page = await (await fetch(url)).text();
    for (const words of ['I draw journeys', 'I run a shop', 'I build on it', 'href="/journeys"', '1,234', '–'])
      expect(page).toContain(words);
    const elsewhere = await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(await elsewhere.text()).not.toContain('1,234');
  });

  test('health for people says what works and what does not, with reasons for this machine only', async () => {
    const away = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432'));
    const url = await start({ local: [serviceOf(greetings), serviceOf(parcels, { ready: away })] });
    const here = await fetch(`${url}/health`);
    expect(here.status).toBe(503);
    const page = await here.text();
    for (const words of ['1 of 2 parts are unavailable', '10.0.0.7', 'href="/readyz"']) expect(page).toContain(words);
    const elsewhere = await fetch(`${url}/health`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(await elsewhere.text()).not.toContain('10.0.0.7');
    const well = await fetch(`${await start()}/health`);
    expect([well.status, await well.text()]).toEqual([200, expect.stringContaining('Everything works.')]);
  });
});
