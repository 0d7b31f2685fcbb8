import { commonFailures } from '../../../microservices/chassis/contract/documents/failures.ts';
import type { Operation } from '../../../microservices/chassis/contract/index.ts';
import type { Sent } from './send.ts';

/** True when an operation may refuse with this: a failure that its contract declares, or one of every operation. */
export const isDeclared = (declared: Operation, { status, body }: Pick<Sent, 'status' | 'body'>): boolean => {
  const { code = '' } = (body ?? {}) as { code?: string };
  if (declared.errors[code]?.status === status) return true;
  return commonFailures(declared).some((common) => common.code === code && common.status === status);
};
