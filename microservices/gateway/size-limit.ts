import type { RequestHandler } from 'express';
import { Problem } from '../chassis/problem.ts';
import { sendProblem } from './problems.ts';

export const tooLarge = (limit: number): Problem =>
  new Problem({
    code: 'PAYLOAD_TOO_LARGE',
    status: 413,
    title: 'Request body too large',
    detail: `A request body can have at most ${limit} bytes. Send less at once.`,
    headers: { connection: 'close' },
    data: { limit },
  });

/**
 * Refuses bodies whose declared length is above `limit` bytes before anything is read. A body without a length is
 * counted by its reader: the services their JSON, the proxy what it passes on.
 */
export const sizeLimited =
  (limit: number): RequestHandler =>
  (request, response, next) => {
    if (Number(request.headers['content-length'] ?? 0) > limit) sendProblem(request, response, tooLarge(limit));
    else next();
  };
