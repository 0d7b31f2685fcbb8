import { afterEach, describe, expect, test } from '@jest/globals';
import type { GatewayOptions } from './index.ts';
import { greetings, KEYS, parcels, serviceOf, startGateway, tokenOf, type Listening } from './test-services.ts';

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

const SERVICE_KEY = 'fc_service';
const few = (perMinutePerKey: number, perMinutePerAddress: number) => ({
  rateLimit: { perMinutePerKey, perMinutePerAddress },
});
const ask = (url: string, credential?: string, headers: Record<string, string> = {}, path = '/v1/greetings/Ada') =>
  fetch(`${url}${path}`, {
    headers: { ...headers, ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }) },
  });
const statuses = async (count: number, request: (index: number) => Promise<Response>): Promise<number[]> => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await request(index)).status);
  return found;
};

describe('a caller who is known', () => {
  test('has so many requests a minute, and nobody else is held up by it', async () => {
    const url = await start(few(2, 100));
    const first = await ask(url, KEYS.full);
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"key";r=1;t=\d+$/);
    expect((await ask(url, KEYS.full)).status).toBe(200);
    const refused = await ask(url, KEYS.full);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED', data: { policy: 'key', perMinute: 2 } });
    expect((await ask(url, KEYS.none)).status).toBe(200);
  });

  test('is one caller however the header is written, and with every token of a customer', async () => {
    const url = await start(few(2, 100));
    const written = [`Bearer ${KEYS.full}`, `bearer ${KEYS.full}`, `Bearer  ${KEYS.full}`];
    expect(
      await statuses(3, (index) =>
        fetch(`${url}/v1/greetings/Ada`, { headers: { authorization: written[index] ?? '' } }),
      ),
    ).toEqual([200, 200, 429]);
    const tokens = await Promise.all([1, 2, 3].map(() => tokenOf('cus_1')));
    expect(await statuses(3, (index) => ask(url, tokens[index]))).toEqual([200, 200, 429]);
  });

  test('is undisturbed by strangers at the same address, whatever they ask and try', async () => {
    const url = await start(few(100, 2));
    const token = await tokenOf('cus_1');
    expect((await ask(url, KEYS.full)).status).toBe(200);
    expect(await statuses(3, () => ask(url))).toEqual([200, 200, 429]);
    expect(await statuses(4, (index) => ask(url, `fc_guess${index}`))).toEqual([429, 429, 429, 429]);
    expect(await statuses(4, (index) => ask(url, `made.up.${index}`))).toEqual([429, 429, 429, 429]);
    expect((await ask(url, KEYS.full)).status).toBe(200);
    expect((await ask(url, token)).status).toBe(200);
  });
});

describe('strangers', () => {
  test('share the limit of their address, and may ask for health all the same', async () => {
    const url = await start(few(100, 1));
    expect(await statuses(2, () => ask(url))).toEqual([200, 429]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test('use up their tries of credentials, which their anonymous requests do not touch', async () => {
    const url = await start(few(100, 3));
    expect(await statuses(2, (index) => ask(url, `fc_guess${index}`))).toEqual([401, 401]);
    // The first try of a key that is right, after anonymous requests used up the address.
    expect(await statuses(2, () => ask(url))).toEqual([200, 429]);
    expect((await ask(url, KEYS.full)).status).toBe(200);
    await ask(url, 'fc_guess3');
    const refused = await ask(url, 'fc_guess4');
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ data: { policy: 'failed-credentials', perMinute: 3 } });
  });

  test.each(['/', '/reference', '/openapi.json', '/nothing/here', '/v1/greetings/Ada'])(
    'do not get round the limit of %s by made-up credentials',
    async (path) => {
      const url = await start(few(100, 2));
      const found = await statuses(6, (index) => ask(url, `fc_made_up_${index}`, {}, path));
      expect(found.slice(2)).toEqual([429, 429, 429, 429]);
    },
  );

  test('do not get round it by guests’ tokens, which cost nothing', async () => {
    const url = await start(few(100, 3));
    const tokens = await Promise.all([1, 2, 3, 4].map((index) => tokenOf(`cus_${index}`, { guest: true })));
    expect(await statuses(4, (index) => ask(url, tokens[index]))).toEqual([200, 200, 200, 429]);
    expect((await ask(url, await tokenOf('cus_9'))).status).toBe(200);
  });
});

describe('behind proxies', () => {
  const from = (url: string, address: string, headers: Record<string, string> = {}) =>
    ask(url, undefined, { 'x-forwarded-for': address, ...headers });

  test('each visitor has a limit of their own, by IPv6 network', async () => {
    const url = await start({ trustProxy: 1, ...few(9, 1) });
    expect((await from(url, '192.0.2.1')).status).toBe(200);
    expect((await from(url, '192.0.2.2:4711')).status).toBe(200);
    expect((await from(url, '192.0.2.1')).status).toBe(429);
    expect((await from(url, '2001:db8:1:2::1')).status).toBe(200);
    expect((await from(url, '2001:db8:1:2:ffff::9')).status).toBe(429);
  });

  test('only named ones are believed', async () => {
    const named = await start({ trustProxy: ['127.0.0.0/8'], ...few(9, 1) });
    expect(await statuses(2, (index) => from(named, `192.0.2.${index}`))).toEqual([200, 200]);
    const others = await start({ trustProxy: ['10.0.0.0/8'], ...few(9, 1) });
    expect(await statuses(2, (index) => from(others, `192.0.2.${index}`))).toEqual([200, 429]);
  });

  test('what visitors write into the header themselves is not believed', async () => {
    const url = await start({ trustProxy: 1, ...few(9, 1) });
    const forged = (index: number) => from(url, `203.0.113.${index}, 192.0.2.1`);
    expect(await statuses(2, forged)).toEqual([200, 429]);
  });

  test('processes of the platform believe each other, and do not count twice', async () => {
    const inner = await start({ local: [serviceOf(parcels)], serviceKey: SERVICE_KEY, ...few(9, 1) });
    const outer = await start({
      local: [serviceOf(greetings)],
      remote: [{ domain: 'parcels', contract: parcels, url: inner }],
      serviceKey: SERVICE_KEY,
      trustProxy: 1,
      ...few(9, 2),
    });
    const weigh = (url: string, address: string, headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/parcels/weigh`, { method: 'POST', headers: { 'x-forwarded-for': address, ...headers } });
    expect(await statuses(3, () => weigh(outer, '192.0.2.1'))).toEqual([200, 200, 429]);
    expect((await weigh(outer, '192.0.2.2')).status).toBe(200);
    // Somebody who reaches the inner process directly is not one of them.
    const forged = { 'x-fusioncommerce-hop': 'forged' };
    expect(await statuses(2, (index) => weigh(inner, `192.0.2.${index}`, forged))).toEqual([200, 429]);
    const services = { authorization: `Bearer ${SERVICE_KEY}` };
    expect(await statuses(2, (index) => weigh(inner, `192.0.2.${index}`, services))).not.toContain(429);
  });
});
