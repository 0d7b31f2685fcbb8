import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import {
  defineContract,
  email,
  metadata,
  money,
  operation,
  text,
  type Contract,
} from '../../chassis/contract/index.ts';
import { toMessage } from '../../chassis/events/envelope.ts';
import { asyncApiFaults, exampleFaults, openApiFaults, valueFaults } from '../../chassis/testing/documents.ts';
import { widgetsContract } from '../../chassis/testing/widgets.ts';
import { asyncApiOf, eventSchema } from '../../chassis/contract/documents/async-api.ts';
import { listOperations } from '../../chassis/contract/documents/listed-operations.ts';
import { openApiOf } from '../../chassis/contract/documents/open-api.ts';
import { documentRoutes } from './routes.ts';

const info = { title: 'Test', version: '1.2.3' };
// Everything that the documents treat specially: money by name, a secret answer, customers, streams.
const contract: Contract = {
  ...widgetsContract,
  operations: {
    ...widgetsContract.operations,
    priceWidget: {
      ...widgetsContract.operations.breakWidget,
      path: '/widgets/{widgetId}/price',
      output: money,
      secretAnswer: true,
      access: { scope: 'widgets:write', customer: true },
    },
  },
};

const bodyOperation = (path: `/${string}`, input: z.ZodType) =>
  operation({
    method: 'POST',
    path,
    title: 'Test bodies',
    description: 'Takes a body or none.',
    access: { scope: 'bodies:write' },
    input,
    output: z.object({}),
  });
const titles = z.record(text(2), text(20)).meta({ minProperties: 1, maxProperties: 40 });
const bodies = defineContract({
  domain: 'bodies',
  title: 'Bodies',
  description: 'Operations with and without a body.',
  version: 1,
  operations: {
    needed: bodyOperation('/bodies/needed', z.object({ email, title: titles, metadata })),
    optional: bodyOperation('/bodies/optional', z.object({ note: text(20).optional() })),
    none: bodyOperation('/bodies/{id}/none', z.object({ id: text(20) })),
  },
  events: {},
});

describe('OpenAPI', () => {
  test('the document is valid OpenAPI 3.1 and knows every operation', async () => {
    const document = await openApiOf([contract], info);
    expect(await openApiFaults(document)).toEqual([]);
    expect(exampleFaults(document)).toEqual([]);
    expect(
      listOperations(document)
        .map(({ operationId }) => operationId)
        .toSorted(),
    ).toEqual(
      Object.keys(contract.operations)
        .map((name) => `widgets.${name}`)
        .toSorted(),
    );
  });

  test('every reference leads somewhere', async () => {
    const document = await openApiOf([contract], info);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(10);
    for (const path of references) {
      expect(
        path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document),
      ).toBeDefined();
    }
  });

  test('a body is required where the server needs one, optional where it does not, and absent where it has nothing to say', async () => {
    const { paths } = await openApiOf([bodies], info);
    const body = (path: string) =>
      paths?.[`/v1/bodies/${path}`]?.post?.requestBody as { required?: boolean } | undefined;
    expect(body('needed')?.required).toBe(true);
    expect(body('optional')?.required).toBe(false);
    expect(body('{id}/none')).toBeUndefined();
  });

  test('e-mail addresses and records are as strict as the server', async () => {
    const { paths } = await openApiOf([bodies], info);
    const needed = JSON.stringify(paths?.['/v1/bodies/needed']?.post?.requestBody);
    expect(needed).toContain('"format":"email"');
    expect(needed).toMatch(/"minProperties":1,"maxProperties":40/);
    expect(needed).toContain('"maxProperties":50');
  });

  test('every operation says what Node itself refuses', async () => {
    const { paths } = await openApiOf([bodies], info);
    for (const path of Object.values(paths ?? {})) expect(path?.post?.responses).toHaveProperty('431');
  });

  test('every list, and only a list, says that it refuses cursors of others', async () => {
    const { paths } = await openApiOf([contract], info);
    const refused = (method: 'get' | 'post') => JSON.stringify(paths?.['/v1/widgets']?.[method]?.responses?.['400']);
    expect(refused('get')).toContain('InvalidCursor');
    expect(refused('post')).not.toContain('InvalidCursor');
  });

  test('failures are problem documents, declared ones with their data beside those of the chassis', async () => {
    const document = await openApiOf([contract], info);
    const conflict = document.paths?.['/v1/widgets']?.post?.responses?.['409'];
    expect(JSON.stringify(conflict)).toContain('"const":"TOO_MANY"');
    expect(JSON.stringify(conflict)).toContain('"const":"IDEMPOTENCY_IN_FLIGHT"');
    expect(JSON.stringify(conflict)).toContain('application/problem+json');
    expect(JSON.stringify(conflict)).not.toContain('application/json');
  });

  test('who may call and how to repeat stand beside each operation', async () => {
    const operations = new Map(
      listOperations(await openApiOf([contract], info)).map((operation) => [operation.operationId, operation]),
    );
    const facts = (name: string) => {
      const { scope, audience, idempotent } = operations.get(`widgets.${name}`) ?? {};
      return { scope, audience, idempotent };
    };
    expect(facts('makeWidget')).toEqual({ scope: 'widgets:write', audience: 'keys', idempotent: true });
    expect(facts('getWidget')).toEqual({ scope: 'widgets:read', audience: 'anybody', idempotent: false });
    // An answer that is a secret is not remembered, so there is nothing to repeat.
    expect(facts('priceWidget')).toEqual({ scope: 'widgets:write', audience: 'customers', idempotent: false });
  });

  test('a stream is a body of its media type', async () => {
    const document = await openApiOf([contract], info);
    expect(document.paths?.['/v1/widgets/import']?.post?.requestBody).toMatchObject({ content: { 'text/csv': {} } });
  });

  test('shapes with a name stand once', async () => {
    const document = await openApiOf([contract], info);
    expect(document.components?.schemas?.['Money']).toMatchObject({ type: 'object', title: 'Money' });
    expect(JSON.stringify(document.paths)).toContain('#/components/schemas/Money');
  });
});

describe('AsyncAPI', () => {
  test('the document is valid AsyncAPI 3.0', () => {
    const document = asyncApiOf([contract], info);
    expect(asyncApiFaults(document)).toEqual([]);
    expect(exampleFaults(document)).toEqual([]);
  });

  test('the validators are not blind', async () => {
    const broken = { ...asyncApiOf([contract], info), channels: { odd: { address: 7 } } };
    expect(asyncApiFaults(broken as never)).not.toEqual([]);
    expect(await openApiFaults({ ...(await openApiOf([contract], info)), paths: { 'no-slash': {} } })).not.toEqual([]);
  });

  test('what the relay writes is what the document says', () => {
    const message = toMessage({
      id: '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61',
      type: 'widget.made',
      source: '/widgets',
      subject: 'wid_1',
      time: '2026-11-23T10:00:00.000Z',
      sequence: 1,
      correlationid: 'story',
      dataschema: '/events/schemas/widget.made',
      data: { name: 'gear' },
    });
    const { headers } = asyncApiOf([contract], info).components.messages['widget.made'] ?? {};
    expect(valueFaults(headers ?? {}, message.headers)).toEqual([]);
    expect(valueFaults(headers ?? {}, { ...message.headers, ce_type: 'widget.lost' })).toEqual([
      '/ce_type must be equal to constant',
    ]);
    const schema = eventSchema([contract], 'widget.made') ?? {};
    expect(valueFaults(schema, JSON.parse(message.value))).toEqual([]);
    expect(valueFaults(schema, { name: 7 })).toEqual(['/name must be string']);
  });

  test('a contract without events has no channel', () => {
    expect(asyncApiOf([{ ...contract, events: {} }], info).channels).toEqual({});
  });
});

describe('served', () => {
  let url = '';
  let stop: () => void = () => undefined;
  const failed: ErrorRequestHandler = (error: { status?: number; message: string }, _request, response, _next) => {
    response.status(error.status ?? 500).send(error.message);
  };
  beforeAll(async () => {
    const server = createServer(express().use(documentRoutes([contract], info), failed));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = () => void server.close();
  });
  afterAll(() => stop());

  test('documents come with a tag, so that asking again costs nothing', async () => {
    const first = await fetch(`${url}/openapi.json`);
    expect(await first.json()).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' } });
    const again = await fetch(`${url}/openapi.json`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect(await (await fetch(`${url}/asyncapi.json`)).json()).toMatchObject({ asyncapi: '3.0.0' });
    expect(await (await fetch(`${url}/openapi/widgets.json`)).json()).toMatchObject({ tags: [{ name: 'Widgets' }] });
  });

  test('the schema of an event is found where events say it is', async () => {
    const answer = await fetch(`${url}/events/schemas/widget.made`);
    expect(answer.headers.get('content-type')).toMatch('application/schema+json');
    expect(await answer.json()).toMatchObject({
      $id: '/events/schemas/widget.made',
      title: 'Widget made',
      required: ['name'],
    });
  });

  test.each(['/openapi/nothing.json', '/events/schemas/nothing', '/reference/nothing'])(
    '%s is a 404 that says what there is',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toMatch(/There is no (domain|event) nothing\. Choose one of: widget/);
    },
  );

  test.each(['/reference', '/reference/widgets', '/reference/events'])(
    '%s asks nothing from elsewhere and carries its own style only',
    async (path) => {
      const answer = await fetch(`${url}${path}`);
      const page = await answer.text();
      expect(answer.status).toBe(200);
      expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(page).not.toContain('<script');
      const [, style] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style ?? ''))).toString('base64');
      expect(answer.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
    },
  );

  test('the page of a domain shows inputs, responses and errors', async () => {
    const page = await (await fetch(`${url}/reference/widgets`)).text();
    expect(page).toContain('curl -X POST');
    expect(page).toContain('Idempotency-Key');
    expect(page).toContain('TOO_MANY');
    expect(page).toContain('whole number, 1 to 1000, 1 if not given');
  });

  test('operations and events are found by all of the words, and what is typed is escaped', async () => {
    const found = async (search: string) =>
      (await fetch(`${url}/reference?search=${encodeURIComponent(search)}`)).text();
    expect(await found('make widget')).toContain('href="/reference/widgets#widgets.makeWidget"');
    expect(await found('widget made')).toContain('href="/reference/events#widget.made"');
    expect(await found('<b>nothing')).toContain('“&lt;b&gt;nothing”');
  });
});
