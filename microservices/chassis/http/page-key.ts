import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

// A key in a link opens an operator's page for a browser that is not at this machine, where no header can be sent.

/** The key of a page: it opens that page and nothing else, and is the same in every process of a platform. */
export const pageKey = (secret: string, path: string): string =>
  createHmac('sha256', secret).update(`page\0${path}`).digest('base64url');

const isKey = (given: unknown, key: string): boolean => {
  if (typeof given !== 'string') return false;
  const [left, right] = [Buffer.from(given), Buffer.from(key)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** True when the request's query carries the page's key. */
export const hasPageKey = ({ query }: Request, key: string): boolean => isKey(query['key'], key);

const COOKIE = 'fusioncommerce-page';

const cookieIn = ({ headers }: Request): string | undefined =>
  headers.cookie
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([name]) => name === COOKIE)?.[1];

/** True for a browser that came by the page's link. */
export const hasPageCookie = (request: Request, key: string): boolean => isKey(cookieIn(request), key);

/**
 * Turns the key of a link into a cookie of that page, so that the address, which others see and browsers keep, is
 * without it.
 */
export const takePageKey =
  (path: string, key: string): RequestHandler =>
  (request, response, next) => {
    if (!hasPageKey(request, key)) return next();
    response.cookie(COOKIE, key, { httpOnly: true, sameSite: 'lax', secure: request.secure, path });
    response.set('cache-control', 'no-store').redirect(303, path);
  };
