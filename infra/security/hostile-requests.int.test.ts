import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { events } from '../../microservices/events/index.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { inventoryAway } from '../test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { sendRaw } from './raw-request.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog, customers, events, notifications],
    remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }, inventoryAway],
  });
});
afterAll(() => platform.stop());

afterEach(async () => {
  const { status } = await fetch(`${platform.url}/healthz`);
  expect(status).toBe(200);
});

interface Answered {
  status: number;
  code: string | undefined;
  headers: Headers;
  text: string;
}

const send = async (method: string, path: string, body: string | Buffer, headers: object = {}): Promise<Answered> => {
  const response = await fetch(`${platform.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const text = await response.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return { status: response.status, code, headers: response.headers, text };
};

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
const event = (data: string): string => `{"type":"custom.hostile","subject":"a","data":${data}}`;

describe('S5: a hostile body', () => {
  test.each([
    ['lists', nested(100_000, '[', ']')],
    ['objects', nested(100_000, '{"a":', '}').replace('}', '1}')],
  ])('of deeply nested %s is refused where it is declared and where anything may stand', async (_what, deep) => {
    for (const [method, path, body] of [
      ['POST', '/v1/categories', `{"slug":"deep","title":${deep}}`],
      ['POST', '/v1/events', event(`{"deep":${deep}}`)],
      [
        'PUT',
        '/v1/notifications/templates/deep/en',
        `{"subject":"a","text":"b","title":"c","purpose":"transactional","sampleData":{"deep":${deep}}}`,
      ],
      ['POST', '/v1/notifications/templates/account-exists/preview', `{"data":{"deep":${deep}}}`],
      ['POST', '/v1/events', deep],
    ] as const) {
      const { status, text } = await send(method, path, body);
      expect([path, status, text.slice(0, 200)]).toEqual([path, 400, expect.any(String)]);
    }
  });

  test.each([
    '1e400',
    '-1e400',
    '1e-400',
    '123456789012345678901234567890',
    '0.1e1',
    '-0',
    '1E+2',
    `1${'0'.repeat(5_000)}`,
  ])('with the number %s is taken as JSON says, or refused', async (number) => {
    for (const body of [`{"slug":"n","title":{"en":"N"},"position":${number}}`, event(`{"n":${number}}`)]) {
      const { status } = await send('POST', body.startsWith('{"slug') ? '/v1/categories' : '/v1/events', body);
      expect(status).toBeLessThan(500);
    }
  });

  test.each(['NaN', 'Infinity', '0x10', '01', '+1', '.5', '1.', "'1'", 'undefined', '1/*c*/'])(
    'with %s is no JSON',
    async (value) => {
      expect(await send('POST', '/v1/events', event(`{"n":${value}}`))).toMatchObject({
        status: 400,
        code: 'INVALID_JSON',
      });
    },
  );

  test('with a key twice counts the last, and is checked as such', async () => {
    const twice = '{"slug":"good-slug","slug":"NOT A SLUG","title":{"en":"A"}}';
    expect(await send('POST', '/v1/categories', twice)).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
  });

  test.each([
    ['NUL', '\\u0000'],
    ['half a surrogate pair', '\\ud800'],
    ['a pair the wrong way round', '\\udc00\\ud800'],
  ])('with %s in a text, a key or free data is refused', async (_what, evil) => {
    for (const [path, body] of [
      ['/v1/categories', `{"slug":"evil","title":{"en":"a${evil}b"}}`],
      ['/v1/categories', `{"slug":"evil","title":{"e${evil}n":"ab"}}`],
      ['/v1/events', event(`{"text":"a${evil}b"}`)],
      ['/v1/events', event(`{"a${evil}b":1}`)],
    ] as const) {
      const { status, text } = await send('POST', path, body);
      expect([path, body, status, text]).toEqual([path, body, 400, expect.any(String)]);
    }
  });

  test.each([
    ['a byte order mark', Buffer.from('\ufeff{"slug":"bom","title":{"en":"A"}}')],
    ['UTF-16', Buffer.from('{"slug":"utf","title":{"en":"A"}}', 'utf16le')],
    ['bytes that are no UTF-8', Buffer.from('{"slug":"latin","title":{"en":"Caf\u00e9"}}', 'latin1')],
    [
      'an overlong form',
      Buffer.from([...Buffer.from('{"slug":"over","title":{"en":"'), 0xc0, 0xaf, ...Buffer.from('"}}')]),
    ],
    [
      'a surrogate in bytes',
      Buffer.from([...Buffer.from('{"slug":"cesu","title":{"en":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}}')]),
    ],
  ])('of %s is refused, never repaired', async (_what, body) => {
    expect(await send('POST', '/v1/categories', body)).toMatchObject({ status: 400, code: 'INVALID_JSON' });
  });

  test.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip'])(
    'compressed with %s is refused unread',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
      const json = await send('POST', '/v1/categories', bomb, { 'content-encoding': encoding });
      expect(json).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
      const csv = await send('POST', '/v1/catalog/imports', bomb, {
        'content-encoding': encoding,
        'content-type': 'text/csv',
      });
      expect(csv).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  test.each([
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/xml',
    'a/b/c',
  ])('of type %s is refused', async (type) => {
    const body = '{"slug":"typed","title":{"en":"A"}}';
    expect(await send('POST', '/v1/categories', body, { 'content-type': type })).toMatchObject({ status: 415 });
  });
});

describe('S5: a request that is not as HTTP wants it', () => {
  const body = '{"slug":"raw","title":{"en":"A"}}';
  const head = (lines: string[], first = 'POST /v1/categories HTTP/1.1'): string =>
    [
      first,
      'Host: localhost',
      `Authorization: Bearer ${platform.adminKey}`,
      'Content-Type: application/json',
      ...lines,
      '',
      '',
    ].join('\r\n');
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  const length = `Content-Length: ${body.length}`;

  test.each<[string, () => string]>([
    ['a length and chunks', () => head([length, 'Transfer-Encoding: chunked']) + chunk(body)],
    ['two lengths', () => head([length, 'Content-Length: 1']) + body],
    ['a length with a sign', () => head([`Content-Length: +${body.length}`]) + body],
    ['a negative length', () => head(['Content-Length: -1']) + body],
    ['a length that is none', () => head(['Content-Length: 0x21']) + body],
    ['a huge length', () => head(['Content-Length: 99999999999999999999']) + body],
    ['a coding of its own', () => head(['Transfer-Encoding: xchunked']) + chunk(body)],
    ['chunks that are not the last coding', () => head(['Transfer-Encoding: chunked, identity']) + chunk(body)],
    ['a space before the colon', () => head(['Transfer-Encoding : chunked']) + chunk(body)],
    ['a folded header', () => head([length, 'X-A: b', ' c']) + body],
    ['a line feed in a header', () => head([length, 'X-A: b\nX-B: c\rX-D: e']) + body],
    ['NUL in a header', () => head([length, 'X-A: b\u0000c']) + body],
    ['a chunk size that is none', () => head(['Transfer-Encoding: chunked']) + 'zz\r\nx\r\n0\r\n\r\n'],
    ['a huge chunk', () => head(['Transfer-Encoding: chunked']) + `ffffffffffffffff\r\n${body}\r\n0\r\n\r\n`],
    ['headers of 20,000 bytes', () => head([length, `X-A: ${'a'.repeat(20_000)}`]) + body],
    ['no version', () => 'POST /v1/categories\r\n\r\n'],
    ['another protocol', () => head([length], 'POST /v1/categories GOPHER/1.1') + body],
    ['a control character in its path', () => head([length], 'POST /v1/categ\u0001ories HTTP/1.1') + body],
  ])('with %s is refused, and nothing is made', async (_what, request) => {
    const { status = 400, text } = await sendRaw(platform.url, request());
    expect([status >= 400 && status < 500, text.slice(0, 300)]).toEqual([true, expect.any(String)]);
    const list = await (await fetch(`${platform.url}/v1/categories?search=raw`)).text();
    expect(list).toContain('"items":');
    expect(list).not.toContain('"slug":"raw"');
  });
});
