import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../../../chassis/problem.ts';
import type { DiskObjectStore } from './store.ts';
import { checkObjectKey, tooLarge } from '../keys.ts';
import type { ObjectInfo } from '../port.ts';
import { rangeOf } from './range.ts';
import type { Grant } from './signing.ts';

const PREFIX = '/objects/';

/**
 * Serves the signed URLs of a disk object store under /objects/: GET (ranges, ETag) and PUT, nothing without a valid
 * signature. Everything else goes to the next handler.
 */
export const objectRoutes = (store: DiskObjectStore): RequestHandler => {
  return async (request, response, next) => {
    // The raw path: a parsed URL would have resolved `..` before anybody could refuse it.
    const [path = '', query = ''] = request.originalUrl.split('?', 2);
    if (!path.startsWith(PREFIX)) {
      next();
      return;
    }
    try {
      await answer(store, request, response, path.slice(PREFIX.length), new URLSearchParams(query));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof Problem) sendProblem(response, error, path);
      else next(error);
    }
  };
};

const answer = async (
  store: DiskObjectStore,
  request: Request,
  response: Response,
  path: string,
  query: URLSearchParams,
): Promise<void> => {
  const key = keyOf(path);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      checkSignature(store, { method: 'GET', key, contentType: '', expires: expiryOf(query) }, query);
      return sendObject(store, request, response, key);
    case 'PUT': {
      const grant: Grant = { method: 'PUT', key, contentType: query.get('type') ?? '', expires: expiryOf(query) };
      checkSignature(store, grant, query);
      return receiveObject(store, request, response, grant);
    }
    default:
      throw new Problem({
        code: 'METHOD_NOT_ALLOWED',
        status: 405,
        title: 'Method not allowed',
        detail: `${request.method} is not possible on an object; GET, HEAD and PUT are.`,
        headers: { allow: 'GET, HEAD, PUT' },
      });
  }
};

const keyOf = (path: string): string => {
  let key: string;
  try {
    key = path.split('/').map(decodeURIComponent).join('/');
  } catch {
    throw new Problem({
      code: 'INVALID_OBJECT_KEY',
      status: 400,
      title: 'Invalid object key',
      detail: 'The path is not percent-encoded UTF-8. Use the signed URL exactly as it was given.',
    });
  }
  checkObjectKey(key);
  return key;
};

/** Seconds since 1970; NaN, which no signature covers, for what is not a plain number. */
const expiryOf = (query: URLSearchParams): number =>
  /^\d{1,12}$/.test(query.get('expires') ?? '') ? Number(query.get('expires')) : Number.NaN;

const checkSignature = (store: DiskObjectStore, grant: Grant, query: URLSearchParams): void => {
  switch (store.refusal(grant, query.get('signature') ?? '')) {
    case 'forged':
      throw new Problem({
        code: 'INVALID_SIGNATURE',
        status: 403,
        title: 'Not allowed',
        detail: `This URL does not allow ${grant.method} on ${grant.key}. Use the signed URL exactly as it was given, with the method it was made for.`,
      });
    case 'expired':
      throw new Problem({
        code: 'URL_EXPIRED',
        status: 403,
        title: 'Link expired',
        detail: `It was valid until ${new Date(grant.expires * 1_000).toISOString()}. Ask for a new one.`,
      });
  }
};

const receiveObject = async (
  store: DiskObjectStore,
  request: Request,
  response: Response,
  { key, contentType }: Grant,
): Promise<void> => {
  const given = request.headers['content-type'] ?? 'application/octet-stream';
  if (given.trim().toLowerCase() !== contentType.toLowerCase()) {
    throw new Problem({
      code: 'CONTENT_TYPE_MISMATCH',
      status: 415,
      title: 'Wrong content type',
      detail: `This URL is signed for ${contentType}; the request says ${given.slice(0, 160)}. Send the header Content-Type: ${contentType}.`,
    });
  }
  if (Number(request.headers['content-length'] ?? 0) > store.maxBytes) throw tooLarge(store.maxBytes);
  const info = await store.put(key, request, { contentType });
  response.status(200).set('etag', `"${info.sha256}"`).json(info);
};

const sendObject = async (store: DiskObjectStore, request: Request, response: Response, key: string): Promise<void> => {
  let range: ReturnType<typeof rangeOf> = 'whole';
  const isFresh = (info: ObjectInfo): boolean => request.headers['if-none-match'] === `"${info.sha256}"`;
  const found = await store.getRange(key, (info) => {
    range = rangeOf(request.headers.range, info.size);
    if (request.method === 'HEAD' || isFresh(info) || range === 'unsatisfiable') return undefined;
    return range === 'whole' ? { start: 0, end: info.size - 1 } : range;
  });
  if (!found)
    throw new Problem({
      code: 'OBJECT_NOT_FOUND',
      status: 404,
      title: 'Object not found',
      detail: `There is no object ${key}. It was deleted or never uploaded.`,
    });
  const { info, body } = found;
  // Not response.set, which would add a charset to the agreed content type.
  response.setHeaders(new Map(Object.entries(headersOf(info))));
  if (isFresh(info)) response.status(304).end();
  else await sendBytes(response, request, info, body, range);
};

const sendBytes = async (
  response: Response,
  request: Request,
  info: ObjectInfo,
  body: NodeJS.ReadableStream,
  range: ReturnType<typeof rangeOf>,
): Promise<void> => {
  if (range === 'unsatisfiable') {
    throw new Problem({
      code: 'RANGE_NOT_SATISFIABLE',
      status: 416,
      title: 'Range not satisfiable',
      detail: `The object has ${info.size} bytes; the range ${request.headers.range ?? ''} lies outside.`,
      headers: { 'content-range': `bytes */${info.size}` },
    });
  }
  if (range !== 'whole') response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${info.size}`);
  response.set('content-length', String(range === 'whole' ? info.size : range.end - range.start + 1));
  if (request.method === 'HEAD') response.end();
  else await pipeline(body, response);
};

/** Uploads of customers must not run as a page of ours: no sniffing, no scripts, no framing rights. */
const headersOf = (info: ObjectInfo): Record<string, string> => ({
  'content-type': info.contentType,
  etag: `"${info.sha256}"`,
  'last-modified': new Date(info.lastModified).toUTCString(),
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
});

const sendProblem = (response: Response, problem: Problem, path: string): void => {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response
    .status(problem.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toBody(path)));
};
