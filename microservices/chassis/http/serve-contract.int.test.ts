import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import type { Database } from '../database/index.ts';
import { newId } from '../ids.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from '../testing/database.ts';
import { recordingLog } from '../testing/log.ts';
import { serveWidgets, type ServedWidgets } from '../testing/serve-widgets.ts';

let own: TestDatabase;
let database: Database;
let served: ServedWidgets;
const { log, lines } = recordingLog();

beforeAll(async () => {
  own = await createTestDatabase();
  database = await openChassisDatabase(own);
  await database.run('CREATE TABLE widget (id text PRIMARY KEY, name text, count int)');
  served = await serveWidgets({ database, log, bodyLimit: 1_000 });
});
afterAll(async () => {
  await served.stop();
  await own.drop();
});
beforeEach(() => {
  lines.length = 0;
});

interface Asked {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & {
    code?: string;
    detail?: string;
    asked?: unknown;
    data?: { issues?: { path: string; message: string }[] };
  };
}
const ask = async (
  method: string,
  path: string,
  options: { body?: string; headers?: Record<string, string>; credential?: string } = {},
): Promise<Asked> => {
  const { body, headers = {}, credential = 'fc_admin' } = options;
  const answer = await fetch(served.url + path, {
    method,
    headers: {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const content = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: content.startsWith('{') ? (JSON.parse(content) as Asked['body']) : { content },
  };
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  ask('POST', '/v1/widgets', { body: typeof body === 'string' ? body : JSON.stringify(body), headers });

describe('an operation', () => {
  test('answers its output with its status, and tells what it was', async () => {
    const made = await post({ name: '  a widget ' });
    expect([made.status, made.body]).toEqual([
      201,
      { id: expect.stringMatching(/^wid_/) as string, name: 'a widget', count: 1 },
    ]);
    expect(made.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(served.answered.at(-1)).toEqual(['makeWidget', 201]);
    const read = await ask('GET', `/v1/widgets/${String(made.body['id'])}`, { credential: '' });
    expect([read.status, read.body]).toEqual([200, made.body]);
  });

  test('is kept by no cache, unless it is public and nobody in particular asked', async () => {
    const made = await post({ name: 'cached' });
    const path = `/v1/widgets/${String(made.body['id'])}`;
    const [own, everybodys, missing] = [
      await ask('GET', path),
      await ask('GET', path, { credential: '' }),
      await ask('GET', `/v1/widgets/${newId('wid')}`, { credential: '' }),
    ];
    expect([made, own, everybodys, missing].map(({ headers }) => headers.get('cache-control'))).toEqual([
      'no-store',
      'no-store',
      null,
      'no-store',
    ]);
    expect(everybodys.headers.get('vary')).toBe('Authorization');
  });

  test('answers an expected failure as a problem document', async () => {
    const widgetId = newId('wid');
    const missing = await ask('GET', `/v1/widgets/${widgetId}?`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(missing.body).toEqual({
      type: 'urn:fusioncommerce:problem:widget-not-found',
      title: 'No such widget',
      status: 404,
      detail: `There is no widget ${widgetId}.`,
      code: 'WIDGET_NOT_FOUND',
      instance: `/v1/widgets/${widgetId}`,
    });
  });

  test('keeps the caller’s correlation id when it is usable, and gives one otherwise', async () => {
    const given = await ask('GET', '/v1/widgets', { headers: { 'x-correlation-id': 'my-story' } });
    expect(given.headers.get('x-correlation-id')).toBe('my-story');
    for (const bad of ['', 'x'.repeat(101), 'with space']) {
      const own = await ask('GET', '/v1/widgets', { headers: { 'x-correlation-id': bad } });
      expect(own.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('with a stream gets the body unread', async () => {
    const answer = await ask('POST', '/v1/widgets/import', {
      body: 'a,b\n1,2\n'.repeat(1_000),
      headers: { 'content-type': 'text/csv; charset=utf-8' },
    });
    expect([answer.status, answer.body]).toEqual([200, { bytes: 8_000 }]);
  });
});

describe('who may', () => {
  test.each([
    ['nobody where a key is needed', 'POST', '/v1/widgets', '', 401, 'UNAUTHENTICATED'],
    ['an unknown key', 'POST', '/v1/widgets', 'fc_unknown', 401, 'UNAUTHENTICATED'],
    ['an unknown key where none is needed', 'GET', '/v1/widgets', 'fc_unknown', 401, 'UNAUTHENTICATED'],
    ['a key without the scope', 'POST', '/v1/widgets', 'fc_reader', 403, 'FORBIDDEN'],
  ])('%s: refused', async (_who, method, path, credential, status, code) => {
    const refused = await ask(method, path, { credential, ...(method === 'POST' ? { body: '{"name":"x"}' } : {}) });
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  test('is asked before what was sent: a stranger learns nothing about the input', async () => {
    expect((await ask('POST', '/v1/widgets', { credential: '', body: '{}' })).status).toBe(401);
  });
});

describe('bad input', () => {
  test.each<[string, unknown, RegExp]>([
    ['a missing field', {}, /^name: /],
    ['a wrong type', { name: 1 }, /^name: this has to be text, not 1/],
    ['an unknown field', { name: 'x', cuont: 5 }, /^cuont: there is no field "cuont" here: did you mean "count"/],
    ['a number as text in a JSON body', { name: 'x', count: '5' }, /^count: /],
    ['too large a number', { name: 'x', count: 1_001 }, /^count: /],
    ['an empty text', { name: '   ' }, /^name: this text cannot be empty/],
    ['NUL', { name: 'a\u0000b' }, /^name: .*NUL/],
    ['half a surrogate pair', '{"name":"\\ud800"}', /^name: .*surrogate/],
    ['several faults', { name: 1, count: 0 }, /and 1 more/],
  ])('%s: 400 with the field and what is wrong', async (_what, body, detail) => {
    const answer = await post(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT']);
    expect(answer.body.detail).toMatch(detail);
    expect(answer.body.data?.issues?.length).toBeGreaterThan(0);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['half a document', '{"name":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"x"'],
    ['bytes that are no text', '\u0000\u0001'],
  ])('a body that is %s: 400', async (what, body) => {
    const answer = await post(body);
    expect([answer.status, answer.body.code]).toEqual([400, what === 'nothing' ? 'INVALID_INPUT' : 'INVALID_JSON']);
  });

  test.each(['"__proto__":{"count":7}', '"constructor":{"prototype":{"count":7}}'])(
    'a key that would poison an object (%s) is an unknown field like any other',
    async (poison) => {
      const answer = await post(`{"name":"x",${poison}}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT']);
      expect(({} as { count?: number }).count).toBeUndefined();
    },
  );

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense'])(
    'the media type %s: 415 naming the right one',
    async (type) => {
      const answer = await post('{"name":"x"}', { 'content-type': type });
      expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      expect(answer.body.detail).toContain('application/json');
    },
  );

  test('a JSON body where a stream is read: 415', async () => {
    const answer = await ask('POST', '/v1/widgets/import', { body: '{}' });
    expect([answer.status, answer.body.detail]).toEqual([
      415,
      'The body is application/json; this operation reads text/csv.',
    ]);
  });

  test.each(['declared', 'chunked'])('a body over the limit (%s): 413, and the connection is not kept', async (how) => {
    const large = JSON.stringify({ name: 'x'.repeat(2_000) });
    const sent = httpRequest(`${served.url}/v1/widgets`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer fc_admin',
        'content-type': 'application/json',
        ...(how === 'declared' ? { 'content-length': String(large.length) } : {}),
      },
    });
    sent.end(large);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect([response.statusCode, response.headers.connection]).toEqual([413, 'close']);
    expect(JSON.parse(await text(response))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test.each(['/v1/nothing', '/v2/widgets', '/widgets', '/v1/widgets/a/b/c/d', '/'])(
    'the unknown path %s goes to the next handler',
    async (path) => {
      expect((await ask('GET', path)).status).toBe(404);
    },
  );

  test.each(['/v1/widgets/%', '/v1/widgets/%00', '/v1/widgets/..%2f..', '/v1/widgets/wid_1', "/v1/widgets/wid_'--"])(
    'the impossible id in %s is the caller’s fault',
    async (path) => {
      const { status } = await ask('GET', path);
      expect([400, 404]).toContain(status);
    },
  );
});

describe('a query string', () => {
  test('is read by the schema: numbers, booleans, lists', async () => {
    const answer = await ask('GET', '/v1/widgets?limit=7&shiny=true&colours=red&colours=blue');
    expect(answer.body.asked).toEqual({ limit: 7, shiny: true, colours: ['red', 'blue'] });
    expect((await ask('GET', '/v1/widgets?shiny=false&colours[]=red')).body.asked).toEqual({
      limit: 50,
      shiny: false,
      colours: ['red'],
    });
  });

  test('that names one colour is a list of one', async () => {
    expect((await ask('GET', '/v1/widgets?colours=red')).body.asked).toEqual({ limit: 50, colours: ['red'] });
  });

  test.each([
    'limit=x',
    'limit=0',
    'limit=201',
    'limit=1.5',
    'limit=1e3',
    'limit=',
    'shiny=maybe',
    'colours=green',
    'limit=1&limit=2',
    'limit[a]=1',
  ])('that is wrong (%s) answers 400', async (query) => {
    const answer = await ask('GET', `/v1/widgets?${query}`);
    expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT']);
  });

  test('with what the contract does not know is refused, naming what it knows', async () => {
    const answer = await ask('GET', '/v1/widgets?shyny=true');
    expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_INPUT']);
    expect(answer.body.detail).toMatch(/^shyny: .*did you mean "shiny"/);
    expect((await ask('GET', '/v1/widgets?__proto__[x]=1')).status).toBe(400);
  });
});

describe('what nobody expected', () => {
  test('answers 500 without a word of the cause, which is in the log', async () => {
    const answer = await ask('POST', `/v1/widgets/${newId('wid')}/break`);
    expect([answer.status, answer.body.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|vault|SELECT|Error|at /);
    expect(lines.map((line) => [line['msg'], (line['err'] as Error).message])).toEqual([
      ['an operation failed unexpectedly', 'SELECT secret FROM vault: permission denied'],
    ]);
  });

  test('an output that breaks the contract is a 500 of ours, not the caller’s', async () => {
    const broken = await serveWidgets({
      database,
      log,
      handlers: { listWidgets: async () => ({ items: [{ id: 'nonsense' }], nextCursor: null }) as never },
    });
    const answer = await fetch(`${broken.url}/v1/widgets`);
    await broken.stop();
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([500, 'INTERNAL']);
  });

  test('a caller who hangs up in the middle of the body disturbs nobody', async () => {
    const sent = httpRequest(`${served.url}/v1/widgets`, {
      method: 'POST',
      headers: { authorization: 'Bearer fc_admin', 'content-type': 'application/json', 'content-length': '500' },
    });
    sent.on('error', () => undefined);
    sent.write('{"name":');
    await new Promise((resolve) => setTimeout(resolve, 50));
    sent.destroy();
    expect((await post({ name: 'next' })).status).toBe(201);
  });

  test.each([
    ['/v1/widgets', 'application/json'],
    ['/v1/widgets/import', 'text/csv'],
  ])('a caller who hangs up while %s is sent is no outage of the database', async (path, type) => {
    const before = served.answered.length;
    const outgoing = httpRequest(served.url + path, {
      method: 'POST',
      headers: { authorization: 'Bearer fc_admin', 'content-type': type, 'content-length': '500' },
    });
    outgoing.on('error', () => undefined);
    outgoing.write('{"name": "half');
    await sleep(50);
    outgoing.destroy();
    for (let tries = 0; tries < 100 && served.answered.length === before; tries += 1) await sleep(20);
    expect(served.answered.at(-1)?.[1]).toBe(400);
    expect(lines).toEqual([]);
  });
});
