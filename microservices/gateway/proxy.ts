import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { pipeline, Transform } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import { sendProblem } from './problems.ts';
import { tooLarge } from './size-limit.ts';

export interface ProxyOptions {
  /** For people: "orders". */
  domain: string;
  /** Where the service answers: http://orders:3000 */
  url: string;
  /** Shown to the service with every request. */
  headers?: Record<string, string>;
  log: Logger;
  maxBodyBytes: number;
  /** Milliseconds of silence, before or within an answer, until it is given up; 30,000 unless said otherwise. */
  silenceMs?: number;
}

const SILENCE_MS = 30_000;

/** Concerns one connection only, never passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers without those that concern one hop, named ones in `Connection` included. */
export const withoutHopByHop = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !named.has(name)));
};

/** Passes requests on to a service elsewhere: both bodies stream, connections are kept, silence ends in a problem document. */
export const proxyTo = (options: ProxyOptions): RequestHandler => {
  const target = new URL(options.url);
  const transport = target.protocol === 'https:' ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxFreeSockets: 64 });
  return (request, response) => {
    const outgoing = transport.request({
      agent,
      protocol: target.protocol,
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      method: request.method,
      path: target.pathname.replace(/\/$/, '') + request.originalUrl,
      headers: { ...headersFor(request, target), ...options.headers },
      timeout: options.silenceMs ?? SILENCE_MS,
    });
    const failure = failOnce(options, request, response, outgoing);
    outgoing.once('timeout', () => failure(silent(options)));
    outgoing.once('error', (error: NodeJS.ErrnoException) => failure(unreachable(options, error)));
    outgoing.once('response', (answer) => passBack(answer, response));
    // A caller who has gone away needs no answer: the service is told by the closed connection.
    response.once('close', () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    pipeline(request, counted(options.maxBodyBytes), outgoing, (error) => {
      if (error instanceof Problem) failure(error);
    });
  };
};

const headersFor = (request: Request, target: URL): OutgoingHttpHeaders => {
  const headers = withoutHopByHop(request.headers);
  delete headers.expect;
  // The framing of the body is this hop's business: without a length it travels in chunks, and without a body there is none.
  const bodiless =
    request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined;
  return {
    ...headers,
    ...(bodiless && request.method !== 'GET' && request.method !== 'HEAD' ? { 'content-length': '0' } : {}),
    host: target.host,
    'x-forwarded-for': request.ip ?? '',
    'x-forwarded-proto': request.protocol,
    'x-forwarded-host': request.headers.host ?? '',
  };
};

const passBack = (answer: IncomingMessage, response: Response): void => {
  if (response.headersSent || response.destroyed) {
    answer.destroy();
    return;
  }
  // Limits, CORS and security are this gateway's to say; the service's own word on them concerned this gateway.
  response.writeHead(answer.statusCode ?? 502, { ...withoutHopByHop(answer.headers), ...response.getHeaders() });
  // Headers go out at once: an answer may begin long before it ends.
  response.flushHeaders();
  // When the service breaks off, so do we: a cut answer must not look like a whole one.
  pipeline(answer, response, () => undefined);
};

/** Answers the first failure, as a problem document while that is still possible, and ends both sides. */
const failOnce = (options: ProxyOptions, request: Request, response: Response, outgoing: http.ClientRequest) => {
  let failed = false;
  return (problem: Problem): void => {
    if (failed) return;
    failed = true;
    outgoing.destroy();
    if (response.destroyed || response.writableEnded) return;
    options.log.warn(
      { domain: options.domain, code: problem.code, reason: problem.cause },
      'a request could not be passed on',
    );
    if (response.headersSent) response.destroy();
    else sendProblem(request, response, problem);
  };
};

const silent = ({ domain, silenceMs }: ProxyOptions): Problem =>
  new Problem({
    code: 'SERVICE_SILENT',
    status: 504,
    title: 'The service did not answer in time',
    detail: `The service ${domain} was silent for ${silenceMs ?? SILENCE_MS} ms. Whether it acted is not known: ask again with the same Idempotency-Key.`,
  });

const unreachable = ({ domain }: ProxyOptions, error: NodeJS.ErrnoException): Problem => {
  const problem = new Problem({
    code: 'SERVICE_UNAVAILABLE',
    status: 503,
    title: 'The service is away',
    detail: `The service ${domain} cannot be reached at the moment. Try again; commands with the same Idempotency-Key.`,
    headers: { 'retry-after': '1' },
  });
  problem.cause = error.code ?? error.message;
  return problem;
};

const counted = (limit: number): Transform => {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) done(tooLarge(limit));
      else done(null, chunk);
    },
  });
};
