import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../chassis/problem.ts';
import { sendProblem } from './problems.ts';

export interface RateLimit {
  /** Requests a minute with one API key or access token. */
  perMinutePerKey: number;
  /** Requests a minute from one address without either, and with wrong ones. */
  perMinutePerAddress: number;
  /** Whom no limit holds for, by the Authorization header: the platform's own services. */
  exempt?: (authorization: string) => boolean;
}

const WINDOW_SECONDS = 60;

/**
 * Limits requests per credential, and per address where there is none. A refused credential counts against the address, so that guessing keys is
 * limited too. Answers carry the RateLimit headers of draft-ietf-httpapi-ratelimit-headers-10; a refusal is a 429 with Retry-After.
 */
export const rateLimited = (limit: RateLimit): RequestHandler => {
  const keys = new RateLimiterMemory({ points: limit.perMinutePerKey, duration: WINDOW_SECONDS });
  const addresses = new RateLimiterMemory({ points: limit.perMinutePerAddress, duration: WINDOW_SECONDS });
  return async (request, response, next) => {
    const { authorization } = request.headers;
    if (authorization && limit.exempt?.(authorization)) {
      next();
      return;
    }
    const address = networkOf(request.ip ?? '');
    if (authorization) {
      const known = await addresses.get(address);
      if (known && known.consumedPoints >= limit.perMinutePerAddress) {
        sendProblem(request, response, tooMany('address', limit.perMinutePerAddress, known));
        return;
      }
      response.once('finish', () => void (response.statusCode === 401 && addresses.penalty(address)));
    }
    const [limiter, key, policy, quota] = authorization
      ? ([keys, fingerprint(authorization), 'key', limit.perMinutePerKey] as const)
      : ([addresses, address, 'address', limit.perMinutePerAddress] as const);
    const { allowed, left } = await consume(limiter, key);
    announce(response, policy, quota, left);
    if (allowed) next();
    else sendProblem(request, response, tooMany(policy, quota, left));
  };
};

const consume = async (
  limiter: RateLimiterMemory,
  key: string,
): Promise<{ allowed: boolean; left: RateLimiterRes }> => {
  try {
    return { allowed: true, left: await limiter.consume(key) };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { allowed: false, left: refusal };
    throw refusal;
  }
};

const announce = (response: Response, policy: string, quota: number, left: RateLimiterRes): void => {
  response.set({
    'ratelimit-policy': `"${policy}";q=${quota};w=${WINDOW_SECONDS}`,
    ratelimit: `"${policy}";r=${left.remainingPoints};t=${secondsUntilReset(left)}`,
  });
};

const secondsUntilReset = (left: RateLimiterRes): number => Math.max(1, Math.ceil(left.msBeforeNext / 1000));

const tooMany = (policy: 'key' | 'address', quota: number, left: RateLimiterRes): Problem => {
  const seconds = secondsUntilReset(left);
  const who = policy === 'key' ? 'one API key or access token' : 'one address without a valid API key or access token';
  return new Problem({
    code: 'RATE_LIMITED',
    status: 429,
    title: 'Too many requests',
    detail: `${quota} requests a minute are answered for ${who}. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
    data: { policy, perMinute: quota, retryAfterSeconds: seconds },
  });
};

const fingerprint = (authorization: string): string => createHash('sha256').update(authorization).digest('base64url');

/** IPv6 users hold a whole /64 and could change address with every request: one limit for the network. */
export const networkOf = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? front
      : [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
};
