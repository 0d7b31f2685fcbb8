import { setTimeout as sleep } from 'node:timers/promises';
import { createORPCClient, ORPCError } from '@orpc/client';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import type { z } from 'zod';
import { currentContext } from './context.ts';
import { isQuery, type Contract } from './contract/index.ts';
import { contractRouter } from './contract/router.ts';
import { isJson } from './http/body.ts';
import { failedAt, Problem, type ProblemBody } from './problem.ts';
import { currentTraceparent } from './telemetry/tracing.ts';

export interface CallOptions {
  /** Same key, same answer, for 24 hours; commands with a key are retried when the network or the service falters. */
  idempotencyKey?: string;
  /** Instead of the client's own credential, for acting as somebody else. */
  credential?: string;
  signal?: AbortSignal;
}

/** One function an operation: input in, output out; expected failures and all others are thrown as Problem. */
export type Client<Of extends Contract> = {
  [Name in keyof Of['operations']]: (
    input: z.input<Of['operations'][Name]['input']>,
    options?: CallOptions,
  ) => Promise<z.output<Of['operations'][Name]['output']>>;
};

export interface ClientOptions {
  /** Where the service or the gateway answers, without the version: http://127.0.0.1:3000 */
  url: string;
  /** API key or access token; a function when it can change. */
  credential?: string | (() => string | undefined);
  /** How often a call is tried that may be repeated; 4 unless said otherwise. */
  attempts?: number;
  /** Milliseconds until an attempt is given up; 15,000 unless said otherwise. */
  timeoutMs?: number;
}

const RETRIABLE = new Set([429, 502, 503, 504]);

/** A typed client of a domain's public operations: the only way one domain reaches another. */
export const createClient = <Of extends Contract>(contract: Of, options: ClientOptions): Client<Of> => {
  const link = new OpenAPILink<{ call?: CallOptions }>(contractRouter(contract), {
    url: options.url,
    headers: ({ context }) => headersFor(options, context.call),
    fetch: async (request, init) => {
      const signal = timeoutSignal(request.signal, options.timeoutMs ?? 15_000);
      return readableByOrpc(ownAnswer(await fetch(request, { ...init, signal })));
    },
    customErrorResponseBodyDecoder: (body, response) =>
      toOrpcError(body, response.status, String(response.headers['retry-after'] ?? '')),
  });
  const calls = createORPCClient<Record<string, (input: unknown, rest: unknown) => Promise<unknown>>>(link);
  return Object.fromEntries(
    Object.entries(contract.operations).map(([name, declared]) => [
      name,
      async (input: unknown, call: CallOptions = {}) => {
        if (declared.download)
          throw new Error(`${contract.domain}.${name} is a download: fetch ${declared.path} and read its body.`);
        const repeatable = isQuery(declared) || call.idempotencyKey !== undefined;
        return withRetries(repeatable ? (options.attempts ?? 4) : 1, async () =>
          calls[name]?.(input, { context: { call }, signal: call.signal }),
        ).catch(failedAt(`${contract.domain}.${name}`));
      },
    ]),
  ) as Client<Of>;
};

/**
 * A proxy's error page, or a login page with status 200, is not from the service and must not be taken for its answer.
 */
const ownAnswer = (response: Response): Response => {
  const isEmpty = response.body === null || response.headers.get('content-length') === '0';
  if (isEmpty || isJson(response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''))
    return response;
  const problem = unexpectedAnswer(
    response.ok ? 502 : response.status,
    `The service answered ${response.status} with something else than JSON.`,
  );
  problem.headers['retry-after'] = response.headers.get('retry-after') ?? '';
  throw problem;
};

const unexpectedAnswer = (status: number, detail: string): Problem =>
  new Problem({ code: 'UNEXPECTED_ANSWER', status, title: 'Unexpected answer', detail });

/** oRPC parses application/json only and would hand over a problem document as an opaque Blob. */
const readableByOrpc = (response: Response): Response => {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  return new Response(response.body, { status: response.status, headers });
};

const timeoutSignal = (given: AbortSignal, milliseconds: number): AbortSignal =>
  AbortSignal.any([given, AbortSignal.timeout(milliseconds)]);

const headersFor = (options: ClientOptions, call: CallOptions | undefined): Record<string, string> => {
  const credential =
    call?.credential ?? (typeof options.credential === 'function' ? options.credential() : options.credential);
  const traceparent = currentTraceparent();
  const { correlationId, address, rehearsal } = currentContext();
  return {
    'x-correlation-id': correlationId,
    // Believed by processes of the same platform only.
    ...(address ? { 'x-forwarded-for': address } : {}),
    ...(credential ? { authorization: `Bearer ${credential}` } : {}),
    ...(call?.idempotencyKey ? { 'idempotency-key': call.idempotencyKey } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(rehearsal ? { rehearsal: 'true' } : {}),
  };
};

const isProblemBody = (body: unknown): body is ProblemBody =>
  body !== null &&
  typeof body === 'object' &&
  'code' in body &&
  typeof body.code === 'string' &&
  'status' in body &&
  typeof body.status === 'number';

const toOrpcError = (body: unknown, status: number, retryAfter: string): ORPCError<string, unknown> => {
  const problem = isProblemBody(body)
    ? Problem.fromBody(body)
    : unexpectedAnswer(status, `The service answered ${status} without a problem document.`);
  if (retryAfter) problem.headers['retry-after'] = retryAfter;
  return new ORPCError(problem.code, { status: problem.status, message: problem.message, cause: problem });
};

/**
 * Repeats a call while its failure may pass (503, 429, in flight), after the time it asks for or jittered backoff.
 * Throws Problem.
 */
export const withRetries = async (attempts: number, call: () => Promise<unknown>): Promise<unknown> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const problem = toProblem(error);
      if (attempt >= attempts || !(RETRIABLE.has(problem.status) || problem.code === 'IDEMPOTENCY_IN_FLIGHT'))
        throw problem;
      const asked = Number(problem.headers['retry-after']) * 1_000;
      await sleep(Number.isFinite(asked) && asked > 0 ? Math.min(asked, 5_000) : Math.random() * 100 * 2 ** attempt);
    }
  }
};

/** A service that cannot be reached is a 503 like one that says so itself. */
const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof ORPCError && error.cause instanceof Problem) return error.cause;
  const reason =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : '') || error.message : String(error);
  return new Problem({
    code: 'UNAVAILABLE',
    status: 503,
    title: 'Service not reachable',
    detail: `The service could not be asked: ${reason}.`,
  });
};
