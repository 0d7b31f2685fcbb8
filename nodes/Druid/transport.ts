/** The one way the node speaks to Druid: HTTP, with n8n's own client. */
import {
  sleepWithAbort,
  type IExecuteFunctions,
  type IHttpRequestOptions,
  type ILoadOptionsFunctions,
} from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { lostConnection, refusal } from './error-messages.ts';
import { readJson } from './read-json.ts';

export const CREDENTIAL = 'druidApi';
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;

export interface Request {
  method: 'GET' | 'POST';
  /** /druid/v2/sql */
  path: string;
  /** JSON, as text. */
  body?: string;
  timeoutMs: number;
  /** Whole numbers that JavaScript does not hold exactly: as text, or rounded. */
  exact?: boolean;
  /** Ask once and never again: for lists in the editor, where a person waits. */
  once?: boolean;
}

type Caller = IExecuteFunctions | ILoadOptionsFunctions;

interface FullResponse {
  statusCode: number;
  body: unknown;
}

/**
 * Sends a request with the credential; answers what Druid said. Waits and repeats on 429, 502, 503 and a lost
 * connection, four times in all: queries only read, and to order something of a supervisor twice is to do it once
 * (supervisors.ts). Throws StoreError otherwise.
 */
export const ask = async (context: Caller, request: Request): Promise<unknown> => {
  const { baseUrl: given } = await context.getCredentials<{ baseUrl: string }>(CREDENTIAL);
  const baseUrl = given.trim().replace(/\/+$/, '');
  const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
  for (let attempt = 1; ; attempt += 1) {
    const tried = await askOnce(context, baseUrl, request);
    if ('answer' in tried) return tried.answer;
    if (!tried.again || request.once || attempt >= ATTEMPTS) throw tried.error;
    await sleepWithAbort(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()), signal);
  }
};

type Tried = { answer: unknown } | { error: StoreError; again: boolean };

const askOnce = async (context: Caller, baseUrl: string, request: Request): Promise<Tried> => {
  const response = await context.helpers.httpRequestWithAuthentication
    .call(context, CREDENTIAL, httpOptions(baseUrl, request))
    .then((full: unknown) => full as FullResponse, asError);
  if (response instanceof Error) return lostConnection(response, { baseUrl, path: request.path });
  const { statusCode, body } = response;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (statusCode >= 400)
    return { error: refusal(statusCode, text, baseUrl), again: [429, 502, 503].includes(statusCode) };
  const answer = readJson(text, request.exact ?? true);
  if (answer !== undefined) return { answer };
  return { error: unreadable(text, baseUrl), again: false };
};

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const httpOptions = (baseUrl: string, { method, path, body, timeoutMs }: Request): IHttpRequestOptions => ({
  method,
  url: `${baseUrl}${path}`,
  headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
  ...(body !== undefined && { body }),
  // As text: n8n's client would round large numbers.
  encoding: 'text',
  returnFullResponse: true,
  ignoreHttpStatusErrors: true,
  timeout: timeoutMs,
});

/** Druid sends rows while it finds them: when it fails halfway, the status was fine and the list has no end. */
const unreadable = (text: string, baseUrl: string): StoreError =>
  /^\s*[[{]/.test(text)
    ? new StoreError(
        'ANSWER_INCOMPLETE',
        'Druid broke off in the middle of its answer: it failed while it was sending rows.',
        'Look into Druid’s log. A shorter interval, a limit or a longer timeout may help.',
      )
    : new StoreError(
        'NOT_DRUID',
        `The server at ${baseUrl} is not Druid: it sent ${JSON.stringify(text.slice(0, 60))}.`,
        'Check the base URL in the credential: the router’s, on port 8888 unless configured otherwise.',
      );
