import { createHash } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import type { Contract } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import { apiDomainPage, apiIndexPage, domainOperations } from './api-page.ts';
import { asyncApiOf, eventSchema } from '../../chassis/contract/documents/async-api.ts';
import { eventsPage } from './events-page.ts';
import type { Html } from '../../chassis/pages/html.ts';
import { openApiOf, type DocumentInfo } from '../../chassis/contract/documents/open-api.ts';
import { searchIn } from './search.ts';
import { sendPage } from '../../chassis/pages/page.ts';

/** The documents of these contracts and their pages for people; each is written once, when first asked for. */
export const documentRoutes = (contracts: readonly Contract[], info: DocumentInfo): Router => {
  const openApi = once(() => openApiOf(contracts, info));
  const openApiBytes = once(async () => bytesOf(await openApi()));
  const asyncApi = once(async () => asyncApiOf(contracts, info));
  const asyncApiBytes = once(async () => bytesOf(await asyncApi()));
  const domains = new Map(
    contracts.map((contract) => [
      contract.domain,
      { contract, bytes: once(async () => bytesOf(await openApiOf([contract], info))) },
    ]),
  );
  const domainOf = (name: string) => {
    const found = domains.get(name);
    if (!found) throw unknown('domain', name, [...domains.keys()]);
    return found;
  };

  const router = Router();
  router.get('/openapi.json', async (request, response) => sendDocument(request, response, await openApiBytes()));
  router.get('/openapi/:domain.json', async (request, response) =>
    sendDocument(request, response, await domainOf(request.params.domain).bytes()),
  );
  router.get('/asyncapi.json', async (request, response) => sendDocument(request, response, await asyncApiBytes()));
  router.get('/events/schemas/:type', (request, response) => {
    const schema = eventSchema(contracts, request.params.type);
    if (!schema)
      throw unknown(
        'event',
        request.params.type,
        contracts.flatMap(({ events }) => Object.keys(events)),
      );
    response.set('cache-control', 'no-cache').type('application/schema+json').send(JSON.stringify(schema));
  });
  router.get('/reference', async (request, response) => {
    const search = searchIn(request.query['search']);
    page(response, '/reference', 'API reference', apiIndexPage(await openApi(), await asyncApi(), search));
  });
  router.get('/reference/events', async (_request, response) =>
    page(
      response,
      '/reference/events',
      'Events',
      eventsPage(await asyncApi(), domainOperations(await openApi(), 'events')),
    ),
  );
  router.get('/reference/:domain', async (request, response) => {
    const { domain, title } = domainOf(request.params.domain).contract;
    page(response, `/reference/${domain}`, `${title}: API reference`, apiDomainPage(await openApi(), domain));
  });
  return router;
};

const page = (response: Response, path: string, title: string, body: Html): void =>
  sendPage(response, { path, title: `${title} · FusionCommerce`, body });

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

interface Bytes {
  body: string;
  etag: string;
}

const bytesOf = (document: object): Bytes => {
  const body = JSON.stringify(document);
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
};

const sendDocument = (request: Request, response: Response, { body, etag }: Bytes): void => {
  response.set({ etag, 'cache-control': 'no-cache' });
  if (request.headers['if-none-match'] === etag) response.status(304).end();
  else response.type('application/json').send(body);
};

const unknown = (what: 'domain' | 'event', given: string, known: readonly string[]): Problem =>
  new Problem({
    code: 'NOT_FOUND',
    status: 404,
    title: `${what === 'domain' ? 'Domain' : 'Event'} not found`,
    detail: `There is no ${what} ${given.slice(0, 100)}. Choose one of: ${known.join(', ') || 'none'}.`,
  });
