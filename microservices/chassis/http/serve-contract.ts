import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request as ExpressRequest, RequestHandler, Response } from 'express';
import { ORPCError } from '@orpc/client';
import { JsonSchemaCoercer } from '@orpc/json-schema';
import { StandardOpenAPIHandler } from '@orpc/openapi/standard';
import { implement } from '@orpc/server';
import { z } from 'zod';
import type { Authenticate } from '../auth/authenticate.ts';
import { auditLine, shortUserAgent, type AuditLine } from '../audit/line.ts';
import { admit } from '../auth/authorize.ts';
import { isRehearsal, noCosts, runInContext, type DatabaseCosts, type WorkContext } from '../context.ts';
import { isQuery, tellsVersion, type Contract, type Operation } from '../contract/index.ts';
import { contractRouter } from '../contract/router.ts';
import { newUuid } from '../ids.ts';
import { Problem } from '../problem.ts';
import type { Logger } from '../telemetry/log.ts';
import { inSpan } from '../telemetry/tracing.ts';
import {
  hasHungUp,
  incompleteBody,
  isEncoded,
  isJson,
  isStreamOf,
  mediaType,
  readJsonObject,
  unsupportedEncoding,
  unsupportedMediaType,
} from './body.ts';
import type { Call, Executed } from './execute.ts';
import { etagOf, preconditionFailed, withExpectedVersion } from './if-match.ts';
import { journeyOf } from './journey.ts';
import { asksForRehearsal, checkRehearsal } from './rehearsal.ts';
import { readScope } from './step.ts';
import { toProblem } from './to-problem.ts';
import { asServed } from './validate.ts';

export interface ServeOptions {
  contract: Contract;
  authenticate: Authenticate;
  execute: (call: Call) => Promise<Executed>;
  log: Logger;
  /** Largest JSON body in bytes. */
  bodyLimit: number;
  /** Called with every answered request. */
  observe: Observe;
  /** Keeps for the audit trail who was not let in. */
  refused?: ((line: AuditLine) => void) | undefined;
}

export type Observe = (operation: string, status: number, seconds: number, costs: DatabaseCosts) => void;

/** What one request carries through oRPC, and what comes back beside the answer. */
interface Exchange {
  request: ExpressRequest;
  operation: string;
  headers: Record<string, string>;
  /** The context in which the request is worked on. */
  work: WorkContext;
  problem?: Problem;
  /** The response's body where it is a stream. */
  download?: Download;
}

interface Download {
  type: string;
  fileName: string;
  text: AsyncIterable<string>;
}

/**
 * The Express side of a contract: routing, authentication, authorization, validation, the answer or its problem
 * document.
 */
export const serveContract = (options: ServeOptions): RequestHandler => {
  const handler = createHandler(options);
  return async (request, response, next) => {
    const started = performance.now();
    const correlationId = correlationOf(request);
    const costs = noCosts();
    const rehearsal = asksForRehearsal(headerOf(request, 'rehearsal'));
    const userAgent = shortUserAgent(headerOf(request, 'user-agent'));
    const origin = { correlationId, causationId: correlationId, address: request.ip, userAgent };
    const work: WorkContext = { ...origin, rehearsal, costs };
    const exchange: Exchange = { request, operation: 'unknown', headers: {}, work };
    const answer = await runInContext(work, () =>
      inSpan(
        {
          name: `${request.method} ${options.contract.domain}`,
          kind: 'server',
          traceparent: headerOf(request, 'traceparent'),
        },
        () => handler.handle(toStandardRequest(request, options.bodyLimit), { context: exchange }),
      ),
    );
    if (!answer.matched) {
      next();
      return;
    }
    // The gateway may have given up a body that came too slowly.
    if (!response.headersSent) {
      response.setHeader('x-correlation-id', correlationId);
      const { download, problem } = exchange;
      if (download && !problem) await sendDownload(options.log, response, download);
      else send(response, answer.response.status, answer.response.body, exchange);
    }
    options.observe(exchange.operation, answer.response.status, (performance.now() - started) / 1000, costs);
  };
};

const createHandler = (options: ServeOptions) => {
  const procedures = Object.fromEntries(
    Object.entries(contractRouter(asServed(options.contract))).map(([name, procedure]) => [
      name,
      implement(procedure)
        .$context<Exchange>()
        .handler(async ({ input, context }: { input: unknown; context: Exchange }) =>
          run(options, name, input, context),
        ),
    ]),
  );
  return new StandardOpenAPIHandler<Exchange>(procedures, {
    clientInterceptors: [
      async (call) => {
        const { path, input, context } = call;
        const name = path[0] ?? '';
        context.operation = name;
        const declared = declaredOperation(options.contract, name);
        try {
          const { authorization } = context.request.headers;
          context.request.caller = await admit(options.authenticate, declared.access, authorization).catch(
            (error: unknown) => noteForbidden(options, { name, declared, input }, context.request, error),
          );
          if (!isQuery(declared)) checkRehearsal(headerOf(context.request, 'rehearsal'), context.request.caller);
          context.work.journey = journeyOf(headerOf(context.request, 'x-journey'), context.request.caller);
          checkMediaType(context.request, declared);
          const wanted = withExpectedVersion(declared, headerOf(context.request, 'if-match'), coerced(declared, input));
          return await call.next({ ...call, input: wanted });
        } catch (error) {
          throw asOrpcError(options.log, context, error);
        }
      },
    ],
    interceptors: [
      async (request) => {
        try {
          return await request.next();
        } catch (error) {
          throw asOrpcError(options.log, request.context, error);
        }
      },
    ],
    customErrorResponseBodyEncoder: (error) => (error.cause instanceof Problem ? error.cause.toBody() : undefined),
  });
};

/** Keeps a 403 for the audit trail: somebody who is known tried what they may not. */
const noteForbidden = async (
  { contract, authenticate, refused }: ServeOptions,
  asked: Pick<Call, 'name' | 'declared' | 'input'>,
  { headers, ip: address }: ExpressRequest,
  error: unknown,
): Promise<never> => {
  if (refused && error instanceof Problem && error.status === 403 && !isRehearsal()) {
    const caller = await authenticate(headers.authorization);
    refused(auditLine(contract, { ...asked, caller, address }, { refusal: error.code }));
  }
  throw error;
};

const run = async (options: ServeOptions, name: string, input: unknown, exchange: Exchange): Promise<unknown> => {
  const { request, headers } = exchange;
  const declared = declaredOperation(options.contract, name);
  // A query changes nothing anyway: its response is real.
  if (isRehearsal() && !isQuery(declared)) headers['rehearsal'] = 'true';
  const { output, replayed } = await options.execute({
    name,
    declared,
    input,
    caller: request.caller,
    body: request,
    idempotencyKey: headerOf(request, 'idempotency-key'),
    scope: readScope(headerOf(request, 'idempotency-scope')),
    address: request.ip,
  });
  if (replayed) headers['idempotency-replayed'] = 'true';
  if (tellsVersion(declared)) headers['etag'] = etagOf(output);
  if (!declared.download) return output;
  exchange.download = { ...declared.download, text: output as AsyncIterable<string> };
  return undefined;
};

const declaredOperation = (contract: Contract, name: string): Operation => {
  const declared = contract.operations[name];
  if (!declared) throw new Error(`The contract of ${contract.domain} declares no operation ${name}`);
  return declared;
};

const coercer = new JsonSchemaCoercer();
const inputSchemas = new WeakMap<Operation, InputSchema>();
type InputSchema = Parameters<JsonSchemaCoercer['coerce']>[0];

/** Query strings carry text only: numbers and booleans are read by the schema. JSON bodies are taken as they are. */
const coerced = (declared: Operation, input: unknown): unknown => {
  const given = input ?? {};
  if (declared.method !== 'GET') return given;
  const schema =
    inputSchemas.get(declared) ??
    (z.toJSONSchema(declared.input, { io: 'input', unrepresentable: 'any' }) as InputSchema);
  inputSchemas.set(declared, schema);
  return coercer.coerce(schema, withLists(schema, given));
};

/** `?colour=red` is a list of one where the schema wants a list: a query string cannot tell. */
const withLists = (schema: InputSchema, given: object): object => {
  const properties: Record<string, unknown> = (typeof schema === 'object' && schema.properties) || {};
  const isList = (name: string): boolean => {
    const property = properties[name];
    return typeof property === 'object' && property !== null && 'type' in property && property.type === 'array';
  };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]: [string, unknown]) => [
      name,
      isList(name) && typeof value === 'string' ? [value] : value,
    ]),
  );
};

const checkMediaType = (request: ExpressRequest, declared: Operation): void => {
  const type = mediaType(request);
  if (type === undefined || declared.method === 'GET') return;
  if (isEncoded(request)) throw unsupportedEncoding(request);
  if (declared.stream ? !isStreamOf(declared.stream, type) : !isJson(type))
    throw unsupportedMediaType(type, declared.stream ?? 'application/json');
};

/**
 * Everything that goes wrong ends here, as one Problem; what nobody expected is logged and told apart from the caller's
 * faults.
 */
const asOrpcError = (log: Logger, exchange: Exchange, error: unknown): unknown => {
  if (error instanceof ORPCError && error.cause instanceof Problem) return error;
  const problem = hasHungUp(exchange.request)
    ? incompleteBody()
    : preconditionFailed(toProblem(log, error), headerOf(exchange.request, 'if-match'));
  exchange.problem = problem;
  return new ORPCError(problem.code, { status: problem.status, message: problem.message, cause: problem });
};

const send = (response: Response, status: number, body: unknown, { headers, problem, request }: Exchange): void => {
  response.status(status).set({ ...headers, ...problem?.headers });
  if (isForEverybody(request, problem)) response.vary('Authorization');
  else response.set('cache-control', 'no-store');
  if (problem) {
    response.type('application/problem+json').send(JSON.stringify(problem.toBody(request.originalUrl.split('?')[0])));
  } else if (body === undefined) {
    response.end();
  } else {
    response.type('application/json').send(JSON.stringify(body));
  }
};

/** Sends a stream. Where it breaks off the connection does too, so that nobody takes a part for the whole. */
const sendDownload = async (log: Logger, response: Response, { type, fileName, text }: Download): Promise<void> => {
  response.set({
    'content-type': type,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
  });
  await pipeline(Readable.from(text), response).catch((err: unknown) => log.warn({ err }, 'a download broke off'));
};

/**
 * True for what a cache may keep: public data that nobody in particular asked for. All else may hold tokens or personal
 * data.
 */
const isForEverybody = ({ method, caller }: ExpressRequest, problem: Problem | undefined): boolean =>
  method === 'GET' && problem === undefined && caller.kind === 'anonymous';

const toStandardRequest = (request: ExpressRequest, bodyLimit: number) => ({
  method: request.method,
  url: new URL(request.originalUrl, 'http://service.invalid'),
  headers: request.headers,
  signal: undefined,
  body: async () => {
    const type = mediaType(request);
    // What is refused for its type or encoding is not read.
    return type !== undefined && isJson(type) && !isEncoded(request) ? readJsonObject(request, bodyLimit) : undefined;
  },
});

const headerOf = (request: ExpressRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** A caller's own correlation id is kept when it is short and printable; otherwise a new story begins. */
const correlationOf = (request: ExpressRequest): string => {
  const given = headerOf(request, 'x-correlation-id');
  return given && /^[\x21-\x7e]{1,100}$/.test(given) ? given : newUuid();
};
