import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventsContract } from '../../microservices/events/contract.ts';
import { events } from '../../microservices/events/index.ts';
import { openSender } from '../../microservices/events/service/push/send.ts';
import { environment, startReceiver, until, type Delivered } from '../../microservices/events/testing.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';

/** Addresses of this machine, of private networks and of cloud metadata, as URLs can write them. */
const INSIDE = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://0x7f.0.0.0x1/',
  'http://127.0.0.1.:80/',
  'http://127.255.255.254/',
  'http://0/',
  'http://0.0.0.0/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://[fe80::1]/',
  'http://[fc00::1]/',
  'http://[fec0::1]/',
  'http://[ff02::1]/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://172.31.255.255/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
  'http://100.64.0.1/',
  'http://192.0.0.192/',
  'http://192.88.99.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://１２７.０.０.１/',
  'http://①②⑦.⓪.⓪.①/',
];
/** Other protocols, and addresses that programs read differently. */
const NO_ADDRESS = [
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'ftp://example.com/',
  'data:text/plain,x',
  'javascript:alert(1)',
  'http://user:secret@example.com/',
  'http://',
  '//example.com/',
  'http://example.com:99999/',
  'http://[::1',
  'http://exa mple.com/',
];

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (output) => `taken: ${JSON.stringify(output)}`,
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.code}` : String(error)),
  );

describe('S3: events are pushed to public addresses only', () => {
  let platform: TestPlatform;
  const client = () => platform.client(eventsContract);
  beforeAll(async () => {
    platform = await startTestPlatform({ services: [events] });
  });
  afterAll(() => platform.stop());

  const subscribe = (url: string): Promise<string> =>
    refusal(client().createSubscription({ url, eventTypes: ['custom.x'] }));

  test.each(INSIDE)('%s is refused', async (url) => {
    expect(await subscribe(url)).toBe('422 URL_NOT_ALLOWED');
  });

  test.each(NO_ADDRESS)('%s is no address', async (url) => {
    expect(await subscribe(url)).toBe('400 INVALID_INPUT');
  });

  test('nor can a subscription be moved there', async () => {
    const { id: subscriptionId } = await client().createSubscription({
      url: 'https://192.0.9.1/',
      eventTypes: ['custom.x'],
    });
    for (const url of INSIDE.slice(0, 5))
      expect(await refusal(client().updateSubscription({ subscriptionId, url }))).toBe('422 URL_NOT_ALLOWED');
    await client().deleteSubscription({ subscriptionId });
  });

  test('a name is checked again at each connection, so that it cannot point elsewhere by then', async () => {
    let connections = 0;
    const inside = createServer((_request, response) => response.end()).on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const sender = openSender('none', 1);
    const url = `http://localhost:${(inside.address() as AddressInfo).port}/`;
    const { signal } = new AbortController();
    expect(await sender.post({ url, headers: {}, body: '{}', deadlineMs: 5_000, signal })).toMatchObject({
      kind: 'forbidden',
    });
    expect(connections).toBe(0);
    sender.close();
    await new Promise((resolve) => inside.close(resolve));
  });
});

describe('S4: a receiver can tell a delivery from a replay and from a forgery', () => {
  let platform: TestPlatform;
  const client = () => platform.client(eventsContract);
  beforeAll(async () => {
    platform = await startTestPlatform({ services: [events], environment });
  });
  afterAll(() => platform.stop());

  /** As Standard Webhooks tells receivers to check. */
  const isGenuine = ({ headers, body }: Pick<Delivered, 'headers' | 'body'>, secret: string): boolean => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const wanted = createHmac('sha256', key).update(text).digest();
    return String(headers['webhook-signature'])
      .split(' ')
      .map((one) => Buffer.from(one.replace(/^v1,/, ''), 'base64'))
      .some((given) => given.length === wanted.length && timingSafeEqual(given, wanted));
  };

  test('a repeat has the id of the first and a time of its own; a change of any part breaks the signature', async () => {
    const receiver = await startReceiver();
    receiver.respond = ({ headers }, response) =>
      void response
        .writeHead(receiver.deliveries.length === 1 ? 500 : 204, { 'x-seen': String(headers['webhook-id']) })
        .end();
    const { id: subscriptionId, secret } = await client().createSubscription({
      url: receiver.url,
      eventTypes: ['custom.paid'],
    });
    const { id } = await client().publishEvent({ type: 'custom.paid', subject: 'ord_1', data: { amount: 5 } });
    await until('it comes again', () => receiver.deliveries.length === 2);
    const [first, second] = receiver.deliveries;
    if (!first || !second) throw new Error('two deliveries came');
    expect([first.headers['webhook-id'], second.headers['webhook-id']]).toEqual([id, id]);
    expect([first, second].every((one) => isGenuine(one, secret))).toBe(true);
    const forgeries = [
      { ...first, body: first.body.replace('"amount":5', '"amount":9') },
      {
        ...first,
        headers: { ...first.headers, 'webhook-timestamp': String(Number(first.headers['webhook-timestamp']) + 600) },
      },
      { ...first, headers: { ...first.headers, 'webhook-id': 'another' } },
    ];
    expect(forgeries.filter((one) => isGenuine(one, secret))).toEqual([]);
    const { secret: newer } = await client().rotateSecret({ subscriptionId, overlapSeconds: 0 });
    await client().publishEvent({ type: 'custom.paid', subject: 'ord_1', data: { amount: 6 } });
    await until('one under the new secret comes', () => receiver.deliveries.length === 3);
    const [, , third] = receiver.deliveries;
    expect([newer, secret].map((one) => third !== undefined && isGenuine(third, one))).toEqual([true, false]);
    await client().deleteSubscription({ subscriptionId });
    await receiver.close();
  });
});
