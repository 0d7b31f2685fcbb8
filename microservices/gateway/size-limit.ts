import type { RequestHandler } from 'express';
import { Problem } from '../chassis/problem.ts';
import { sendProblem } from './problems.ts';

export const tooLarge = (limit: number): Problem =>
  new Problem({
    code: 'PAYLOAD_TOO_LARGE',
    status: 413,
    title: 'The body is too large',
    detail: `A request can carry ${limit} bytes at most. Send less at once.`,
    headers: { connection: 'close' },
    data: { limit },
  });

/**
 * Refuses bodies that say they are larger than `limit` bytes before anything is read. A body without a stated length is counted by whoever reads it:
 * the services their JSON, the proxy what it passes on.
 */
export const sizeLimited =
  (limit: number): RequestHandler =>
  (request, response, next) => {
    if (Number(request.headers['content-length'] ?? 0) > limit) sendProblem(request, response, tooLarge(limit));
    else next();
  };
