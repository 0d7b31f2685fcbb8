/** The one way a node speaks to the platform. */
import {
  sleepWithAbort,
  type IExecuteFunctions,
  type IHookFunctions,
  type IHttpRequestOptions,
  type ILoadOptionsFunctions,
} from 'n8n-workflow';
import { problemOf, unreachable, type Problem } from './problem.ts';

const CREDENTIAL = 'fusionCommerceApi';
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const TIMEOUT_MS = 60_000;

export interface Request {
  method: IHttpRequestOptions['method'];
  /** With the version: /v1/orders */
  path: string;
  query?: Record<string, unknown>;
  /** A JSON value, or the file of an operation that takes one. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Ask once and never again: for lists in the editor, where a person waits. */
  once?: boolean;
}

/** Whoever n8n lets speak to the platform: a node that runs, a picker in the editor, a webhook that is set up. */
type Caller = IExecuteFunctions | ILoadOptionsFunctions | IHookFunctions;

/** `rehearsed`: the platform changed nothing. */
export type Answer = { ok: true; body: unknown; rehearsed: boolean } | { ok: false; problem: Problem };

interface FullResponse {
  statusCode: number;
  headers: Record<string, unknown>;
  body: unknown;
}

/** True when the credential asks for rehearsals. */
export const isRehearsal = async (context: Caller): Promise<boolean> =>
  (await context.getCredentials<{ rehearsal?: boolean }>(CREDENTIAL)).rehearsal === true;

/**
 * Sends a request with the credential's key. Waits and repeats on 429, 5xx, a key in flight and a lost connection,
 * honouring Retry-After, five times at most: that is harmless, because commands carry an Idempotency-Key.
 */
export const send = async (context: Caller, request: Request): Promise<Answer> => {
  const credential = await context.getCredentials<{ baseUrl: string }>(CREDENTIAL);
  const baseUrl = credential.baseUrl.trim().replace(/\/+$/, '');
  const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const tried = await attemptOnce(context, baseUrl, request);
    if (tried.answer.ok || !tried.again || request.once || attempt === ATTEMPTS) return tried.answer;
    await sleepWithAbort(pause(attempt, tried.retryAfter), signal);
  }
};

interface Tried {
  answer: Answer;
  /** True for a failure that another attempt may cure. */
  again: boolean;
  retryAfter?: unknown;
}

const attemptOnce = async (context: Caller, baseUrl: string, request: Request): Promise<Tried> => {
  const options = httpOptions(baseUrl, request);
  const response = await context.helpers.httpRequestWithAuthentication
    .call(context, CREDENTIAL, options)
    .then((full: unknown) => ({ lost: false as const, full: full as FullResponse }), lostConnection);
  if (response.lost)
    return { answer: { ok: false, problem: unreachable(baseUrl, response.reason) }, again: response.mayPass };
  const { statusCode, headers } = response.full;
  const body = parsed(response.full.body);
  if (statusCode < 400) return { answer: { ok: true, body, rehearsed: headers['rehearsal'] === 'true' }, again: false };
  const problem = problemOf(statusCode, body);
  return {
    answer: { ok: false, problem },
    again: statusCode === 429 || statusCode >= 500 || problem.code === 'IDEMPOTENCY_IN_FLIGHT',
    retryAfter: headers['retry-after'],
  };
};

const httpOptions = (
  baseUrl: string,
  { method, path, query = {}, body, headers = {} }: Request,
): IHttpRequestOptions => {
  const isFile = typeof body === 'string' || Buffer.isBuffer(body);
  return {
    method,
    url: `${baseUrl}${path}${queryString(query)}`,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && !isFile && { 'content-type': 'application/json' }),
      ...headers,
    },
    // As text, so that an empty object is sent as one and a list stays what it is.
    ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    timeout: TIMEOUT_MS,
  };
};

const queryString = (query: Record<string, unknown>): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value])
      .filter((one) => one !== undefined && one !== null)
      .map(
        (one) =>
          `${encodeURIComponent(name)}=${encodeURIComponent(typeof one === 'string' ? one : JSON.stringify(one))}`,
      ),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
};

const parsed = (body: unknown): unknown => {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    // Not ours: problemOf says so.
    return body;
  }
};

/**
 * Failures that no further attempt cures: an invalid address, an untrusted certificate, an address that n8n forbids, a
 * missing credential.
 */
const WILL_NOT_PASS = /invalid url|unsupported protocol|certificate|self.signed|not allowed|blocked|credential/i;

/**
 * Every status is an answer, so what n8n throws is a request without one. It wraps what its client threw and puts that
 * one's code into httpCode.
 */
const lostConnection = (error: unknown) => {
  const thrown = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const code = [thrown['code'], thrown['httpCode']].find((one) => typeof one === 'string' && one !== '');
  const words = typeof thrown['message'] === 'string' ? thrown['message'] : String(error);
  const reason = typeof code === 'string' && !words.includes(code) ? `${words} (${code})` : words;
  return { lost: true as const, reason, mayPass: !WILL_NOT_PASS.test(reason) };
};

/**
 * The delay that the server asks for, else twice as long each time and partly random, so that clients do not all come
 * back at once.
 */
const pause = (attempt: number, retryAfter: unknown): number => {
  const asked = Number(retryAfter) * 1000;
  if (Number.isFinite(asked) && asked >= 0) return Math.min(asked, LONGEST_PAUSE_MS);
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()), LONGEST_PAUSE_MS);
};
