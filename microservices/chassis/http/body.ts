import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../problem.ts';

/** Media type without parameters, lower case; undefined when there is no body. */
export const mediaType = (request: IncomingMessage): string | undefined =>
  hasBody(request)
    ? (request.headers['content-type'] ?? 'application/octet-stream').split(';')[0]?.trim().toLowerCase()
    : undefined;

const hasBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

/**
 * Content types of CSV as browsers and spreadsheets send it; Windows calls it Excel's. The first bytes tell the real
 * type of a file.
 */
const CALLED_CSV: ReadonlySet<string> = new Set([
  'text/csv',
  'application/csv',
  'text/x-csv',
  'text/plain',
  'text/tab-separated-values',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]);

/** True where a stream of the declared type may be called `type`. */
export const isStreamOf = (declared: string, type: string): boolean =>
  type === declared || (declared === 'text/csv' && CALLED_CSV.has(type));

const encodingOf = ({ headers }: IncomingMessage): string => headers['content-encoding']?.trim().toLowerCase() ?? '';

/** True for a compressed body: nothing here unpacks one, and read as it is, it would be something else. */
export const isEncoded = (request: IncomingMessage): boolean => !['', 'identity'].includes(encodingOf(request));

export const unsupportedEncoding = (request: IncomingMessage): Problem =>
  new Problem({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    title: 'Content encoding not supported',
    detail: `The body is encoded with ${encodingOf(request).slice(0, 60)}. Send it as it is, without Content-Encoding.`,
    headers: { 'accept-encoding': 'identity' },
  });

export const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');

/**
 * Deepest nesting of lists and objects in a body. Most of what walks a value calls itself once a level, and the stack
 * ends at some thousand.
 */
const MOST_NESTED = 100;

/**
 * Reads a JSON object of at most `limit` bytes. Throws 400 for what is not JSON, not an object or nested too deep, 413
 * for more.
 */
export const readJsonObject = async (request: IncomingMessage, limit: number): Promise<Record<string, unknown>> => {
  const text = await readText(request, limit);
  if (isNestedDeeper(text, MOST_NESTED))
    throw invalidJson(
      'The body is nested too deep',
      `Lists and objects can stand ${MOST_NESTED} levels deep in each other.`,
    );
  const parsed = parse(text);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw invalidJson(
      'The body is not a JSON object',
      'Send the input as one JSON object, for example {"quantity": 1}.',
    );
  return parsed as Record<string, unknown>;
};

const invalidJson = (title: string, detail: string): Problem =>
  new Problem({ code: 'INVALID_JSON', status: 400, title, detail });

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * True where brackets outside of texts stand deeper in each other. Looks at the text, because a parsed value has to be
 * walked to find out.
 */
const isNestedDeeper = (text: string, most: number): boolean => {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) inText = !inText;
    else if (inText) at += character === BACKSLASH ? 1 : 0;
    else if (character === LIST || character === OBJECT) depth += 1;
    else if (character === LIST_END || character === OBJECT_END) depth -= 1;
    if (depth > most) return true;
  }
  return false;
};

const readText = async (request: IncomingMessage, limit: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new Problem({
        code: 'PAYLOAD_TOO_LARGE',
        status: 413,
        title: 'Request body too large',
        detail: `A JSON body can be ${limit} bytes at most. Send less at once, or use the import operation.`,
        headers: { connection: 'close' },
      });
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes))
    throw invalidJson(
      'The body is not JSON',
      'It holds bytes that are no UTF-8, the only encoding of JSON (RFC 8259).',
    );
  return bytes.toString('utf8');
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalidJson('The body is not JSON', error instanceof Error ? error.message : 'It cannot be parsed.');
  }
};

/**
 * True when the caller closed the connection before the whole body was sent: whatever failed then is no fault of ours.
 * A reader of ours that stops early destroys the request too, but lets go of the connection first.
 */
export const hasHungUp = (request: IncomingMessage): boolean => {
  const connection = request.socket as Socket | null;
  return request.destroyed && !request.complete && connection?.destroyed === true;
};

/** Nobody reads this: it is what metrics and traces count. */
export const incompleteBody = (): Problem =>
  new Problem({
    code: 'INCOMPLETE_BODY',
    status: 400,
    title: 'The body ended too early',
    detail: 'The connection was closed before the whole body had arrived.',
  });

export const unsupportedMediaType = (type: string, wanted: string): Problem =>
  new Problem({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    title: 'Content type not supported',
    detail: `The body is ${type}; this operation reads ${wanted}.`,
  });
