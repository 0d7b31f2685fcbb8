import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { pipeline, Transform } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';
import { sendProblem } from './problems.ts';
import { tooLarge } from './size-limit.ts';

export interface ProxyOptions {
  /** Its name in errors: "orders". */
  domain: string;
  /** Address of the service: http://orders:3000 */
  url: string;
  /** Sent to the service with every request. */
  headers?: Record<string, string>;
  log: Logger;
  maxBodyBytes: number;
  /** Milliseconds of silence, before or within a response, until the request is given up; 30,000 by default. */
  silenceMs?: number;
}

const SILENCE_MS = 30_000;

/** Headers of one connection, never passed on (RFC 9110, section 7.6.1). */
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

/**
 * Passes requests on to a service of another process: both bodies stream, connections are kept, silence ends in a
 * problem document.
 */
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
    // A caller who has gone away needs no response: the closed connection stops the service.
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
  // Each hop frames the body itself: in chunks when there is no length, and not at all without a body.
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
  // Headers for limits, CORS and security are this gateway's own; those of the service were meant for the gateway.
  response.writeHead(answer.statusCode ?? 502, { ...withoutHopByHop(answer.headers), ...response.getHeaders() });
  // Headers go out at once: a response may begin long before it ends.
  response.flushHeaders();
  // When the service breaks off, so does this response: half of it must not look complete.
  pipeline(answer, response, () => undefined);
};

/** Responds to the first failure with a problem document while that is still possible, and ends both sides. */
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
    title: 'Service did not respond in time',
    detail: `The service ${domain} did not respond for ${silenceMs ?? SILENCE_MS} ms. It may have acted: repeat the request with the same Idempotency-Key.`,
  });

const unreachable = ({ domain }: ProxyOptions, error: NodeJS.ErrnoException): Problem => {
  const problem = new Problem({
    code: 'SERVICE_UNAVAILABLE',
    status: 503,
    title: 'Service unavailable',
    detail: `The service ${domain} cannot be reached. Try again, commands with the same Idempotency-Key.`,
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
