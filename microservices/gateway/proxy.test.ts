import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { createLogger } from '../chassis/telemetry/log.ts';
import { recordingLog } from '../chassis/testing/log.ts';
import type { GatewayOptions } from './index.ts';
import { proxyTo, withoutHopByHop } from './proxy.ts';
import { greetings, listen, parcels, serviceOf, startGateway, type Listening } from './test-services.ts';

let open: Listening[] = [];
const started = async (listening: Promise<Listening>): Promise<string> => {
  const server = await listening;
  open.push(server);
  return server.url;
};
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

/** A gateway before a service of any behaviour that answers the paths of parcels. */
const before = async (service: RequestListener, options: Partial<GatewayOptions> = {}): Promise<string> => {
  const url = await started(listen(service));
  return started(
    startGateway({
      local: [serviceOf(greetings)],
      remote: [{ domain: 'parcels', contract: parcels, url }],
      ...options,
    }),
  );
};

const log = createLogger({ level: 'silent', service: 'test' });
const weigh = (url: string, body: string | Buffer | ReadableStream, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/parcels/weigh`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body,
    ...{ duplex: 'half' },
  });

const headersSeen: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.headers));
};

describe('passing on', () => {
  test('a gateway in front of a gateway responds like one', async () => {
    const inner = await started(startGateway({ local: [serviceOf(parcels)] }));
    const url = await started(
      startGateway({ local: [serviceOf(greetings)], remote: [{ domain: 'parcels', contract: parcels, url: inner }] }),
    );
    const answer = await weigh(url, Buffer.alloc(5_000_000));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ bytes: 5_000_000 });
    expect((await fetch(`${url}/v1/parcels/unknown`)).status).toBe(404);
    expect((await fetch(`${url}/v1/parcels/weigh`)).status).toBe(405);
  });

  test('names the caller, drops headers of one hop, keeps the rest', async () => {
    const url = await before(headersSeen);
    const seen = await rawHeaders(url, {
      connection: 'keep-alive, x-private',
      'x-private': 'secret of the first hop',
      te: 'trailers',
      'x-forwarded-for': '203.0.113.7',
      'idempotency-key': 'key-1',
      authorization: 'Bearer fc_full',
    });
    expect(seen).toMatchObject({
      'idempotency-key': 'key-1',
      authorization: 'Bearer fc_full',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['x-private']));
    expect(seen['te']).toBeUndefined();
    expect(seen['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('connections to the service are kept and used again', async () => {
    const service = await listen(headersSeen);
    open.push(service);
    let connections = 0;
    service.server.on('connection', () => (connections += 1));
    const url = await started(
      startGateway({ local: [], remote: [{ domain: 'parcels', contract: parcels, url: service.url }] }),
    );
    for (let index = 0; index < 5; index += 1) await (await fetch(`${url}/v1/parcels/weigh`)).text();
    expect(connections).toBe(1);
  });

  test('a response streams: its beginning arrives before its end is written', async () => {
    let finish: () => void = () => undefined;
    const url = await before((_request, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    const answer = await fetch(`${url}/v1/parcels/weigh`);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('first');
    finish();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('last');
  });

  test('a request streams: the service reads its beginning before its end is sent', async () => {
    const url = await before((request, response) => {
      request.once('data', (chunk: Buffer) => response.write(`got ${chunk.toString()}`));
      request.on('end', () => response.end());
    });
    const outgoing = httpRequest(`${url}/v1/parcels/weigh`, { method: 'POST' });
    outgoing.write('one');
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('got one');
    outgoing.end();
    answer.resume();
    await once(answer, 'end');
  });
});

describe('failures', () => {
  test('an unavailable service is a 503 that names it', async () => {
    const gone = await listen(() => undefined);
    await gone.close();
    const url = await started(
      startGateway({ local: [], remote: [{ domain: 'parcels', contract: parcels, url: gone.url }] }),
    );
    const answer = await weigh(url, 'x');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      detail: expect.stringContaining('parcels') as unknown,
    });
  });

  test('a service that breaks off before it responds is a 503', async () => {
    const url = await before((request) => request.socket.destroy());
    expect((await weigh(url, 'x')).status).toBe(503);
  });

  test('a service that breaks off within its response cuts ours: half a response never looks complete', async () => {
    const url = await before((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(fetch(`${url}/v1/parcels/weigh`).then((answer) => answer.text())).rejects.toThrow();
  });

  test('silence ends in a 504 that calls the outcome open', async () => {
    const silent = await started(listen(() => undefined));
    const app = express().use(proxyTo({ domain: 'parcels', url: silent, log, maxBodyBytes: 1_000, silenceMs: 50 }));
    const answer = await fetch(await started(listen(app)));
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({
      code: 'SERVICE_SILENT',
      detail: expect.stringContaining('Idempotency-Key') as unknown,
    });
  });

  test('a body that grows over the limit while it streams is a 413', async () => {
    const url = await before((request) => request.resume(), { maxBodyBytes: 1_000 });
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(400)) });
    const answer = await weigh(url, endless).catch((error: unknown) => error);
    // The refusal may arrive while we still write: then the closed connection is what we see.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    else expect(answer).toBeInstanceOf(TypeError);
  });

  test('a caller who goes away ends the work', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const url = await before((_request, response) => {
      response.once('close', () => closed.resolve());
      arrived.resolve();
    });
    const caller = new AbortController();
    const asked = fetch(`${url}/v1/parcels/weigh`, { signal: caller.signal });
    await arrived.promise;
    caller.abort();
    await expect(asked).rejects.toThrow('abort');
    await closed.promise;
  });

  test('a caller who hangs up while sending is nothing to log', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const { log: recorded, lines } = recordingLog();
    const url = await before(
      (request) => {
        request.once('close', () => closed.resolve()).resume();
        arrived.resolve();
      },
      { log: recorded },
    );
    const outgoing = httpRequest(`${url}/v1/parcels/weigh`, { method: 'POST', headers: { 'content-length': '500' } });
    outgoing.on('error', () => undefined).write('half');
    await arrived.promise;
    outgoing.destroy();
    await closed.promise;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(lines).toEqual([]);
  });

  test('a request that is no HTTP ends in a 400 and leaves the gateway standing', async () => {
    const url = await started(startGateway());
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('400 Bad Request');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

test('headers named in Connection concern one hop', () => {
  expect(
    withoutHopByHop({ connection: 'close, X-One', 'x-one': '1', 'x-two': '2', 'keep-alive': 'timeout=5' }),
  ).toEqual({ 'x-two': '2' });
});

const rawHeaders = async (url: string, headers: Record<string, string>): Promise<Record<string, string>> => {
  const outgoing = httpRequest(`${url}/v1/parcels/weigh`, { headers });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
};
