/** Explains Druid's errors: what happened, and what to do. */
import { StoreError } from '../datastore/error.ts';

/** Where Druid's router takes SQL. */
export const SQL_PATH = '/druid/v2/sql';

const say = (code: string, message: string, advice: string): StoreError => new StoreError(code, message, advice);

export const explain = (error: unknown): StoreError =>
  error instanceof StoreError
    ? error
    : say('NODE_FAILED', error instanceof Error ? error.message : String(error), 'Check the fields of the node.');

/** The body of an error of Druid, in its newer form and in its older one. */
interface DruidError {
  error?: string;
  errorCode?: string;
  errorMessage?: string;
  errorClass?: string;
}

const read = (text: string): DruidError => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
};

/** A page of a proxy is not worth reading to an analyst. */
const wordsOf = (text: string): string => {
  const { errorMessage, error } = read(text);
  const words = errorMessage ?? error ?? (text.trim().startsWith('<') ? '' : text);
  return words.trim().replace(/\.$/, '').slice(0, 500) || 'it gave no reason';
};

type Words = (said: string, baseUrl: string) => StoreError;

const BY_STATUS: Record<number, Words> = {
  400: (said) =>
    say('INVALID_INPUT', `Druid refused it: ${said}.`, 'Correct the query, its parameters or the specification.'),
  401: (_said, baseUrl) =>
    say(
      'AUTHENTICATION_FAILED',
      `Druid at ${baseUrl} does not know this user.`,
      'Check authentication, user and password in the credential.',
    ),
  403: (said) =>
    say(
      'ACCESS_DENIED',
      `The user of the credential may not do this: ${said}.`,
      'Grant the right in Druid, or use another credential.',
    ),
  404: (said) =>
    say(
      'NOT_FOUND',
      `Druid does not have that: ${said}.`,
      'Check the name. When every operation says so, the base URL does not lead to the router.',
    ),
  429: (said) => say('OVERLOADED', `Druid takes no more queries at the moment: ${said}.`, 'Run it again later.'),
  501: (said) => say('NOT_POSSIBLE', `Druid cannot do this: ${said}.`, 'Write the query another way.'),
  504: (said) =>
    say('TIMEOUT', `The query took too long: ${said}.`, 'Raise the option Timeout, or ask for a shorter interval.'),
};

/** An answer with a status of 400 or more. */
export const refusal = (status: number, text: string, baseUrl: string): StoreError => {
  const { errorCode = '', errorClass = '', error = '' } = read(text);
  if (/timeout/i.test(`${errorCode} ${errorClass} ${error}`) && status !== 504) return refusal(504, text, baseUrl);
  const words = BY_STATUS[status] ?? serverFault;
  return words(wordsOf(text), baseUrl);
};

const serverFault: Words = (said, baseUrl) =>
  say('DRUID_FAILED', `Druid at ${baseUrl} had a fault: ${said}.`, 'Look into Druid’s log, or run it again later.');

/**
 * Failures that no further attempt cures: an invalid address, an untrusted certificate, an address that n8n forbids, a
 * missing credential.
 */
const WILL_NOT_PASS = /invalid url|unsupported protocol|certificate|self.signed|not allowed|blocked|credential/i;

/** Only Druid's SQL has a time that the form can change. */
const noAnswerInTime = (path: string, said: string, baseUrl: string): StoreError =>
  path === SQL_PATH
    ? refusal(504, said, baseUrl)
    : say(
        'TIMEOUT',
        `Druid at ${baseUrl} gave no answer in time: ${said}.`,
        'Run it again: what was ordered of a supervisor twice is done once. If it stays so, look into Druid’s log.',
      );

interface Lost {
  baseUrl: string;
  path: string;
}

/** Every status is an answer, so what n8n throws is a request without one. */
export const lostConnection = (thrown: Error, { baseUrl, path }: Lost): { error: StoreError; again: boolean } => {
  const codes = thrown as { code?: unknown; httpCode?: unknown };
  const code = [codes.code, codes.httpCode].find((one) => typeof one === 'string' && one !== '');
  const said =
    typeof code === 'string' && !thrown.message.includes(code) ? `${thrown.message} (${code})` : thrown.message;
  if (/timeout of|ECONNABORTED/.test(said)) return { error: noAnswerInTime(path, said, baseUrl), again: false };
  return {
    error: say(
      'UNREACHABLE',
      `Druid cannot be reached at ${baseUrl}: ${said}.`,
      'Check the base URL in the credential, that Druid’s router runs, and that n8n may reach it.',
    ),
    again: !WILL_NOT_PASS.test(said),
  };
};
