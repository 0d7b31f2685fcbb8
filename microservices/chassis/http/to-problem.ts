import { toORPCError } from '@orpc/client';
import { ValidationError } from '@orpc/contract';
import { z } from 'zod';
import { isContended, isUnavailable } from '../database/index.ts';
import { Problem } from '../problem.ts';
import type { Logger } from '../telemetry/log.ts';
import { invalidInput } from './validate.ts';

/** The problem that an error is for the caller. What nobody expected is logged; the caller learns nothing of it. */
export const toProblem = (log: Logger, error: unknown): Problem => {
  if (error instanceof Problem) return error;
  const known = toORPCError(error);
  if (known.cause instanceof ValidationError && known.status === 400)
    return invalidInput(new z.ZodError(known.cause.issues as z.core.$ZodIssue[]));
  if (isUnavailable(error)) {
    log.error({ err: error }, 'the database is unavailable');
    return tryAgain('The database cannot be reached. Nothing was changed; try again.');
  }
  if (isContended(error)) {
    log.error({ err: error }, 'the database was too busy for an operation');
    return tryAgain('The database is too busy, or others change the same things. Nothing was changed; try again.');
  }
  log.error({ err: error }, 'an operation failed unexpectedly');
  return new Problem({
    code: 'INTERNAL',
    status: 500,
    title: 'Internal error',
    detail: 'This is a fault of the service, not of the request. It was logged with the correlation id of this answer.',
  });
};

const tryAgain = (detail: string): Problem =>
  new Problem({
    ...{ code: 'UNAVAILABLE', status: 503, title: 'Temporarily unavailable', detail },
    headers: { 'retry-after': '1' },
  });
