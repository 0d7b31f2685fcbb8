import { z } from 'zod';
import { version } from './version.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A failure that callers can expect and act on: a status, a sentence, and the data that explains it. */
export interface ExpectedFailure {
  status: 400 | 401 | 402 | 403 | 404 | 409 | 410 | 413 | 422 | 423 | 429 | 503;
  /** Title of the failure: "Insufficient stock". */
  title: string;
  data?: z.ZodType;
}
export type ExpectedFailures = Record<string, ExpectedFailure>;

/**
 * Who may call an operation. Deny by default: an API key needs `scope` (or `*`); a customer's token is let in only with
 * `customer: true` (the handler then checks that the thing is theirs); nobody without a token gets in unless `public`.
 */
export interface Access {
  scope: string;
  /** Any working API key gets in, whatever its scopes. */
  anyKey?: boolean;
  customer?: boolean;
  public?: boolean;
}

export interface Operation<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Failures extends ExpectedFailures = ExpectedFailures,
> {
  method: Method;
  /** Path below the version, with `{name}` for parameters that also stand in `input`: `/orders/{orderId}/confirm`. */
  path: `/${string}`;
  /** Two or three words as a person reads them in a menu: "Reserve stock". */
  title: string;
  /** One or more sentences: what it does, what it promises. */
  description: string;
  access: Access;
  input: Input;
  output: Output;
  errors: Failures;
  /** 200 unless said otherwise. */
  successStatus?: 200 | 201 | 202;
  /** A POST that changes nothing (a quote, a search): no idempotency, no commit. */
  readOnly?: boolean;
  /** The request's body is not JSON but a stream of this media type, handed to the handler unread. */
  stream?: 'text/csv' | 'application/octet-stream';
  /** The response is not JSON but a stream of this media type; its output is the text, in the pieces that are sent. */
  download?: { type: 'application/x-ndjson'; fileName: string };
  /** A query that the audit trail keeps as it keeps commands, because it hands out everything about somebody. */
  audited?: boolean;
  /** Says why it cannot be rehearsed, as a sentence, where it acts outside the service's database. */
  cannotRehearse?: string;
  /** Left out of the audit trail, because it writes the trail. */
  unaudited?: boolean;
  /** Left out of idempotent storage because the answer is a secret (tokens, keys shown once). */
  secretAnswer?: boolean;
}

/** Output of an operation with `download`. */
export const downloaded = z.custom<AsyncIterable<string>>();

/** Declares one operation of a domain; the types of its method, input, output and failures are kept. */
export const operation = <
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Way extends Method,
  const Failures extends ExpectedFailures = Record<never, never>,
  const ReadOnly extends boolean = false,
>(
  declaration: Omit<Operation<Input, Output, Failures>, 'errors' | 'method' | 'readOnly'> & {
    method: Way;
    errors?: Failures;
    readOnly?: ReadOnly;
  },
): Operation<Input, Output, Failures> & { method: Way; readOnly: ReadOnly } => ({
  ...declaration,
  errors: declaration.errors ?? ({} as Failures),
  readOnly: declaration.readOnly ?? (false as ReadOnly),
});

export const isQuery = (declared: Operation): boolean => declared.method === 'GET' || declared.readOnly === true;

/**
 * True for operations that refuse a change of another version than the caller knows: those with an input
 * `expectedVersion`.
 */
export const takesVersion = ({ input }: Operation): boolean =>
  input instanceof z.ZodObject && 'expectedVersion' in input.shape;

/** True for operations whose output says its version, which their answers then carry as ETag. */
export const tellsVersion = ({ output }: Operation): boolean =>
  output instanceof z.ZodObject && output.shape['version'] === version;
