import type { RequestHandler } from 'express';
import type { Authenticate } from '../chassis/auth/authenticate.ts';
import { networkOf } from '../chassis/http/network.ts';
import { Problem } from '../chassis/problem.ts';
import { createCounter, type Count, type Counter } from './counter.ts';
import { recognizer, type Recognized } from './credentials.ts';
import { sendProblem } from './problems.ts';
import { isFromPlatform } from './visitor.ts';

export interface RateLimit {
  /** Requests a minute of one API key or customer. */
  perMinutePerKey: number;
  /** Requests a minute from one network without either and by guests; wrong credentials as many again. */
  perMinutePerAddress: number;
}

interface Counters {
  keys: Counter;
  networks: Counter;
  failures: Counter;
}

/**
 * Limits requests per caller; per network for those without a credential, with a wrong one, and for guests, whose
 * tokens anybody gets for nothing. Other processes of the platform are not limited: they counted their callers.
 * Responses carry the RateLimit headers of draft-ietf-httpapi-ratelimit-headers-10; a refusal is a 429 with
 * Retry-After.
 */
export const rateLimited = (limit: RateLimit, authenticate: Authenticate): RequestHandler => {
  const counters: Counters = {
    keys: createCounter('key', limit.perMinutePerKey),
    networks: createCounter('address', limit.perMinutePerAddress),
    failures: createCounter('failed-credentials', limit.perMinutePerAddress),
  };
  const recognize = recognizer(authenticate, counters.failures);
  return async (request, response, next) => {
    if (isFromPlatform(request)) {
      next();
      return;
    }
    const network = networkOf(request.ip ?? '');
    const counts = await countsFor(counters, await recognize(request.headers.authorization, network), network);
    response.set(headersOf(counts));
    const refused = counts.find(({ allowed }) => !allowed);
    if (refused) sendProblem(request, response, tooMany(refused));
    else next();
  };
};

const countsFor = async (counters: Counters, who: Recognized, network: string): Promise<Count[]> => {
  if (who === 'refused') return [{ ...(await counters.failures.look(network)), allowed: false }];
  if (who === 'nobody') return [await counters.networks.count(network)];
  const own = await counters.keys.count(`${who.kind}:${who.id}`);
  const isGuest = who.kind === 'customer' && who.guest === true;
  return isGuest && own.allowed ? [own, await counters.networks.count(network)] : [own];
};

const headersOf = (counts: readonly Count[]): Record<string, string> => ({
  'ratelimit-policy': counts
    .map(({ policy, quota, windowSeconds }) => `"${policy}";q=${quota};w=${windowSeconds}`)
    .join(', '),
  ratelimit: counts
    .map(({ policy, left, secondsUntilReset }) => `"${policy}";r=${left};t=${secondsUntilReset}`)
    .join(', '),
});

const WHO: Record<string, string> = {
  key: 'one API key or customer',
  address: 'one address without a valid API key or an account',
  'failed-credentials': 'one address that shows wrong API keys or access tokens',
};

const tooMany = ({ policy, quota, secondsUntilReset: seconds }: Count): Problem =>
  new Problem({
    code: 'RATE_LIMITED',
    status: 429,
    title: 'Too many requests',
    detail: `${quota} requests a minute are allowed for ${WHO[policy] ?? policy}. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
    data: { policy, perMinute: quota, retryAfterSeconds: seconds },
  });
