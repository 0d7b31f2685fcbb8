import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { Problem } from '../chassis/problem.ts';
import type { Logger } from '../chassis/telemetry/log.ts';

/** Answers with a problem document (RFC 9457). */
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
    title: 'This method is not answered here',
    detail: `${method} is not possible on this path; ${allowed.join(' and ')} ${allowed.length === 1 ? 'is' : 'are'}.`,
    headers: { allow: allowed.join(', ') },
    data: { allowed },
  });

/** Refuses what came to a page of the gateway with a method it does not answer. */
export const onlyGet: RequestHandler = (request, response) =>
  sendProblem(request, response, methodNotAllowed(request.method, ['GET', 'HEAD']));

/** The last handler: everything thrown becomes a problem document; what nobody expected is logged. */
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
      title: 'The address cannot be read',
      detail: 'The path contains a percent sign that does not encode a character. Encode it as %25.',
    });
  }
  log.error({ err: error }, 'the gateway failed unexpectedly');
  return new Problem({
    code: 'INTERNAL',
    status: 500,
    title: 'Something went wrong here',
    detail: 'This is a fault of the gateway, not of the request. It was logged with the correlation id of this answer.',
  });
};

/** Express reports a path that cannot be decoded as a URIError, or as an error with status 400. */
const isMalformed = (error: unknown): boolean =>
  error instanceof URIError || (error instanceof Error && 'status' in error && error.status === 400);
