import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from './client.ts';
import { runInContext } from './context.ts';
import type { Database } from './database/index.ts';
import { newId } from './ids.ts';
import { Problem } from './problem.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from './testing/database.ts';
import { serveWidgets, type ServedWidgets } from './testing/serve-widgets.ts';
import { widgetsContract } from './testing/widgets.ts';

const failureOf = (call: Promise<unknown>): Promise<Problem> =>
  call.then(
    () => Promise.reject(new Error('expected a failure')),
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error as Error)),
  );

describe('a client of a service', () => {
  let own: TestDatabase;
  let database: Database;
  let served: ServedWidgets;
  beforeAll(async () => {
    own = await createTestDatabase();
    database = await openChassisDatabase(own);
    await database.run('CREATE TABLE widget (id text PRIMARY KEY, name text, count int)');
    served = await serveWidgets({ database });
  });
  afterAll(async () => {
    await served.stop();
    await own.drop();
  });

  const client = () => createClient(widgetsContract, { url: served.url, credential: 'fc_admin' });

  test('calls operations by name: path, query and body are the contract’s business', async () => {
    const made = await client().makeWidget({ name: 'é "quoted"', count: 3 });
    expect(await client().getWidget({ widgetId: made.id })).toEqual({ id: made.id, name: 'é "quoted"', count: 3 });
    const listed = await client().listWidgets({ limit: 5, shiny: false, colours: ['red', 'blue'], cursor: 'a&b=c d' });
    expect(listed.asked).toEqual({ limit: 5, shiny: false, colours: ['red', 'blue'], cursor: 'a&b=c d' });
  });

  test('throws the service’s problem as it was: code, status, sentence, data', async () => {
    const missing = await failureOf(client().getWidget({ widgetId: newId('wid') }));
    expect([missing.code, missing.status, missing.title]).toEqual(['WIDGET_NOT_FOUND', 404, 'No such widget']);
    expect(missing.message).toMatch(/^There is no widget wid_/);
    const invalid = await failureOf(client().makeWidget({ name: '' }));
    expect(invalid).toMatchObject({ code: 'INVALID_INPUT', status: 400, data: { issues: [{ path: 'name' }] } });
  });

  test('the same key gives the same answer; another credential is another caller', async () => {
    const first = await client().makeWidget({ name: 'x' }, { idempotencyKey: 'k' });
    expect(await client().makeWidget({ name: 'x' }, { idempotencyKey: 'k' })).toEqual(first);
    const other = await client().makeWidget({ name: 'x' }, { idempotencyKey: 'k', credential: 'fc_other' });
    expect(other.id).not.toBe(first.id);
    expect((await failureOf(client().makeWidget({ name: 'x' }, { credential: 'fc_reader' }))).code).toBe('FORBIDDEN');
  });
});

describe('a client of a service that falters', () => {
  let server: Server;
  let url: string;
  let requests: IncomingMessage[];
  let answer: (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      request.resume();
      answer(request, response, requests.length);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    requests = [];
  });

  const client = (attempts?: number) =>
    createClient(widgetsContract, {
      url,
      credential: () => 'fc_admin',
      timeoutMs: 500,
      ...(attempts ? { attempts } : {}),
    });
  const problem = (response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
      .end(JSON.stringify({ type: 'x', title: 'x', status, detail: 'd', code }));
  const widget = (response: ServerResponse) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: newId('wid'), name: 'x', count: 1 }));

  test.each<[string, (response: ServerResponse) => void]>([
    ['503', (response) => problem(response, 503, 'UNAVAILABLE')],
    ['429', (response) => problem(response, 429, 'RATE_LIMITED')],
    [
      '502 of a proxy, in HTML',
      (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    ],
    ['in flight', (response) => problem(response, 409, 'IDEMPOTENCY_IN_FLIGHT')],
    ['a broken connection', (response) => response.destroy()],
    ['silence', () => undefined],
  ])('%s: a call with a key is repeated under the same key until it succeeds', async (_what, fail) => {
    answer = (_request, response, attempt) => (attempt < 3 ? fail(response) : widget(response));
    expect(await client().makeWidget({ name: 'x' }, { idempotencyKey: 'k' })).toMatchObject({ name: 'x' });
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k', 'k']);
  });

  test('a query is repeated, a command without a key is not', async () => {
    answer = (_request, response, attempt) => (attempt < 2 ? problem(response, 503, 'UNAVAILABLE') : widget(response));
    await client().getWidget({ widgetId: newId('wid') });
    expect(requests).toHaveLength(2);
    requests = [];
    expect(await failureOf(client().makeWidget({ name: 'x' }))).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(requests).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 409, 422, 500])('%i is not repeated', async (status) => {
    answer = (_request, response) => problem(response, status, 'SOMETHING');
    expect(await failureOf(client().makeWidget({ name: 'x' }, { idempotencyKey: 'k' }))).toMatchObject({
      status,
      code: 'SOMETHING',
    });
    expect(requests).toHaveLength(1);
  });

  test('gives up after its attempts, with the last problem', async () => {
    answer = (_request, response) => problem(response, 503, 'UNAVAILABLE', { 'retry-after': '0.01' });
    const failure = await failureOf(client(3).getWidget({ widgetId: newId('wid') }));
    expect([failure.code, failure.headers['retry-after'], requests.length]).toEqual(['UNAVAILABLE', '0.01', 3]);
  });

  test('an answer that is no problem document is told with its status', async () => {
    answer = (_request, response) => response.writeHead(418).end('teapot');
    expect(await failureOf(client().getWidget({ widgetId: newId('wid') }))).toMatchObject({
      status: 418,
      code: 'UNEXPECTED_ANSWER',
    });
  });

  test('a service that cannot be reached is a 503 that says why', async () => {
    const nobody = createClient(widgetsContract, { url: 'http://127.0.0.1:1', attempts: 1 });
    const failure = await failureOf(nobody.getWidget({ widgetId: newId('wid') }));
    expect([failure.status, failure.code]).toEqual([503, 'UNAVAILABLE']);
    expect(failure.message).toMatch(/could not be asked: .*(ECONNREFUSED|bad port)/);
  });

  test('a caller’s signal ends the call', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const call = client(1).getWidget({ widgetId: newId('wid') }, { signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toBeInstanceOf(Problem);
  });

  test('sends its credential and the story it belongs to', async () => {
    answer = (_request, response) => widget(response);
    await runInContext({ correlationId: 'story', address: '192.0.2.1' }, () =>
      client().getWidget({ widgetId: newId('wid') }),
    );
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer fc_admin',
      'x-correlation-id': 'story',
      'x-forwarded-for': '192.0.2.1',
    });
  });
});
