import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';

/** Responds with a problem document (RFC 9457). */
export const sendProblem = (request: Request, response: Response, problem: Problem): void => {
  response
    .status(problem.status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toBody(request.originalUrl.split('?')[0])));
};

export const methodNotAllowed = (method: string, allowed: readonly string[]): Problem =>
  new Problem({
    code: 'METHOD_NOT_ALLOWED',
    status: 405,
    title: 'Method not allowed',
    detail: `${method} is not possible on this path. Use ${allowed.join(' or ')}.`,
    headers: { allow: allowed.join(', ') },
    data: { allowed },
  });

/** Refuses other methods than GET and HEAD on pages of the gateway. */
export const onlyGet: RequestHandler = (request, response) =>
  sendProblem(request, response, methodNotAllowed(request.method, ['GET', 'HEAD']));

/** The last handler: every error becomes a problem document; unexpected ones are logged. */
export const problemHandler =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    sendProblem(request, response, toProblem(log, error));
  };

const toProblem = (log: Logger, error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (isMalformed(error)) {
    return new Problem({
      code: 'MALFORMED_REQUEST',
      status: 400,
      title: 'Invalid path',
      detail: 'The path contains a percent sign that does not encode a character. Encode it as %25.',
    });
  }
  log.error({ err: error }, 'the gateway failed unexpectedly');
  return new Problem({
    code: 'INTERNAL',
    status: 500,
    title: 'Internal error',
    detail:
      'The gateway failed unexpectedly; the request is not at fault. The log has the error under the correlation id of this response.',
  });
};

/** Express reports a path that cannot be decoded as a URIError, or as an error with status 400. */
const isMalformed = (error: unknown): boolean =>
  error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);
