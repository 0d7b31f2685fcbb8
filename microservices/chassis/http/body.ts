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

/** Content types of CSV as browsers and spreadsheets send it; Windows calls it Excel's. The first bytes tell the real type of a file. */
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

export const isJson = (type: string): boolean => type === 'application/json' || type.endsWith('+json');

/** Reads a JSON object of at most `limit` bytes. Throws 400 for what is not JSON or not an object, 413 for more. */
export const readJsonObject = async (request: IncomingMessage, limit: number): Promise<Record<string, unknown>> => {
  const text = await readText(request, limit);
  const parsed = parse(text);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new Problem({
      code: 'INVALID_JSON',
      status: 400,
      title: 'The body is not a JSON object',
      detail: 'Send the input as one JSON object, for example {"quantity": 1}.',
    });
  }
  return parsed as Record<string, unknown>;
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
  return Buffer.concat(chunks).toString('utf8');
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Problem({
      code: 'INVALID_JSON',
      status: 400,
      title: 'The body is not JSON',
      detail: error instanceof Error ? error.message : 'It cannot be parsed.',
    });
  }
};

/**
 * True when the caller closed the connection before the whole body was sent: whatever failed then is no fault of ours. A reader of ours that stops early
 * destroys the request too, but lets go of the connection first.
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
