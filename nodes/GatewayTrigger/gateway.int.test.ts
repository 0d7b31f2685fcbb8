import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, IHookFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { events } from '../../microservices/events/index.ts';
import { FusionCommerceGatewayTrigger } from './FusionCommerceGatewayTrigger.node.ts';

let platform: TestPlatform;
beforeAll(async () => {
  const environment = { PUSH_ALLOW_PRIVATE: 'loopback', PUSH_RETRY_MS: '20', PUSH_PROBE_MS: '20', PUSH_POLL_MS: '200' };
  platform = await startTestPlatform({ services: [events], environment });
});
afterAll(() => platform.stop());
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Item = IDataObject & { id: string; type: string; subject: string; data: { n: number } };

/** As much of n8n's webhooks as the node meets: an address, static data, an answer after the workflow ended. */
const startN8n = async (
  workflowId: string,
  parameters: IDataObject,
  workflow: (item: Item) => void,
  mode: 'trigger' | 'manual' = 'trigger',
) => {
  const node = new FusionCommerceGatewayTrigger();
  const kept: { secret?: string; test?: object } = {};
  const items: Item[] = [];
  const answers: number[] = [];
  const base = {
    getMode: () => mode,
    getNode: () => ({ id: 'node-1', name: 'Events', type: 't', typeVersion: 1, position: [0, 0], parameters: {} }),
    getWorkflow: () => ({ id: workflowId, name: 'Test', active: true }),
    getTimezone: () => 'UTC',
    getWorkflowStaticData: () => kept,
    getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
  };
  const receive = async (headers: IncomingHttpHeaders, rawBody: Buffer): Promise<number> => {
    let status = 200;
    const response = { status: (given: number) => ((status = given), { json: () => undefined }) };
    const context = { ...base, getRequestObject: () => ({ headers, rawBody }), getResponseObject: () => response };
    const { workflowData } = await node.webhook.call(context as unknown as IWebhookFunctions);
    if (!workflowData) return status;
    // What the node emitted.
    const item = workflowData[0]?.[0]?.json as Item;
    items.push(item);
    try {
      workflow(item);
      return 200;
    } catch {
      return 500;
    }
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void receive(request.headers, Buffer.concat(parts)).then((status) => {
        answers.push(status);
        response.writeHead(status).end();
      });
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  const httpRequestWithAuthentication = async (_credential: string, options: IHttpRequestOptions) => {
    const response = await fetch(options.url, {
      method: options.method ?? 'GET',
      headers: { ...(options.headers as Record<string, string>), authorization: `Bearer ${platform.adminKey}` },
      ...(options.body === undefined ? {} : { body: options.body as string }),
    });
    return { statusCode: response.status, headers: {}, body: await response.text() };
  };
  const hooks = {
    ...base,
    getNodeWebhookUrl: () => url,
    getCredentials: async () => ({ baseUrl: platform.url }),
    helpers: { httpRequestWithAuthentication },
  } as unknown as IHookFunctions;
  const methods = node.webhookMethods.default;
  return {
    items,
    answers,
    kept,
    receive,
    activate: async () => (await methods.checkExists.call(hooks)) || methods.create.call(hooks),
    deactivate: () => methods.delete.call(hooks),
  };
};

const publish = (type: string, n: number) =>
  platform.client(eventsContract).publishEvent({ type, subject: 'cus_1', data: { n } });
const numbers = (items: readonly Item[]): number[] => items.map(({ data }) => data.n);

test('events start the workflow in the shape of the direct trigger, failures are sent again, and order is kept', async () => {
  let failures = 0;
  const n8n = await startN8n('gateway-1', { customEventTypes: 'custom.gateway' }, ({ data }) => {
    if (data.n === 1 && failures++ < 2) throw new Error('not yet');
  });
  await n8n.activate();
  const { id } = await publish('custom.gateway', 1);
  await publish('custom.gateway', 2);
  await until(() => numbers(n8n.items).includes(2));
  expect(numbers(n8n.items)).toEqual([1, 1, 1, 2]);
  expect(n8n.answers.slice(0, 3)).toEqual([500, 500, 200]);
  const { causationid: _cause, traceparent: _trace, ...rest }: IDataObject = n8n.items[0] ?? {};
  expect(Object.keys(rest).toSorted()).toEqual([
    'correlationid',
    'data',
    'id',
    'kafka',
    'onceKey',
    'sequence',
    'source',
    'subject',
    'time',
    'type',
  ]);
  expect(n8n.items[0]?.id).toBe(id);
  await n8n.deactivate();
});

test('an inactive workflow keeps its place, and goes on with one and the same subscription', async () => {
  const n8n = await startN8n('gateway-2', { customEventTypes: 'custom.pausing' }, () => undefined);
  await n8n.activate();
  await publish('custom.pausing', 1);
  await until(() => n8n.items.length === 1);
  await n8n.deactivate();
  await publish('custom.pausing', 2);
  // As after the import of the workflow elsewhere: the secret is not known any more.
  delete n8n.kept.secret;
  await n8n.activate();
  await until(() => n8n.items.length === 2);
  expect(numbers(n8n.items)).toEqual([1, 2]);
  const externalId = 'n8n.gateway-2.node-1';
  expect((await platform.client(eventsContract).listSubscriptions({ externalId })).items).toHaveLength(1);
  await n8n.deactivate();
});

test('what is not signed by the platform, or is old, is refused and starts nothing', async () => {
  const n8n = await startN8n('gateway-3', { customEventTypes: 'custom.forged' }, () => undefined);
  await n8n.activate();
  const key = Buffer.from((n8n.kept.secret ?? '').replace('whsec_', ''), 'base64');
  const send = (ageSeconds: number, body: string, signed = body) => {
    const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
    const signature = createHmac('sha256', key).update(`evt.${timestamp}.${signed}`).digest('base64');
    const headers = {
      'webhook-id': 'evt',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,AAAA v1,${signature}`,
    };
    return n8n.receive(headers, Buffer.from(body));
  };
  expect(await send(0, '{"data":{"n":1}}')).toBe(200);
  expect(await send(0, '{"data":{"n":2}}', '{"data":{"n":1}}')).toBe(401);
  expect(await send(600, '{"data":{"n":3}}')).toBe(401);
  expect(await n8n.receive({}, Buffer.from('{"data":{"n":4}}'))).toBe(401);
  expect(numbers(n8n.items)).toEqual([1]);
  await n8n.deactivate();
});

const subscriptions = async (externalId: string) =>
  (await platform.client(eventsContract).listSubscriptions({ externalId })).items;

test('a test leaves no subscription behind, also when n8n forgot it or died meanwhile', async () => {
  const n8n = await startN8n('gateway-4', { customEventTypes: 'custom.tried' }, () => undefined, 'manual');
  const externalId = 'n8n.gateway-4.node-1.test';
  await n8n.activate();
  await publish('custom.tried', 1);
  await until(() => n8n.items.length === 1);
  const [made] = await subscriptions(externalId);
  // Should n8n die now, the platform ends it.
  expect(Date.parse(made?.endsAt ?? '') - Date.now()).toBeLessThanOrEqual(600_000);
  // n8n ends the test with data that it read before the test began.
  delete n8n.kept.test;
  await n8n.deactivate();
  expect(await subscriptions(externalId)).toEqual([]);
});

test('an event that is too old for the trigger starts nothing and is taken', async () => {
  const parameters = { customEventTypes: 'custom.old', options: { maxAge: 60 } };
  const n8n = await startN8n('gateway-5', parameters, () => undefined);
  await n8n.activate();
  await publish('custom.old', 1);
  await until(() => n8n.items.length === 1);
  const key = Buffer.from((n8n.kept.secret ?? '').replace('whsec_', ''), 'base64');
  const send = (headers: IncomingHttpHeaders) => {
    const body = JSON.stringify({ ...n8n.items[0], time: new Date(Date.now() - 2 * 3_600_000).toISOString() });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', key).update(`evt.${timestamp}.${body}`).digest('base64');
    const signed = { 'webhook-id': 'evt', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    return n8n.receive({ ...signed, ...headers }, Buffer.from(body));
  };
  expect([await send({}), n8n.items.length]).toEqual([200, 1]);
  // Somebody asked for a replay: its age does not count.
  expect([await send({ 'webhook-replay': 'true' }), n8n.items.length]).toEqual([200, 2]);
  await n8n.deactivate();
  expect(await subscriptions('n8n.gateway-5.node-1')).toMatchObject([{ state: 'paused', deleteWhenPausedDays: 7 }]);
});
