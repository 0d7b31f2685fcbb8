import type { z } from 'zod';
import { Problem } from '../problem.ts';

/** Turns Zod's issues into the 400 that a person can act on: for each field what is wrong with it. */
export const invalidInput = (error: z.ZodError): Problem => {
  const issues = error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
  const [first] = issues;
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return new Problem({
    code: 'INVALID_INPUT',
    status: 400,
    title: 'The request is not valid',
    detail: first ? `${first.path || 'The input'}: ${first.message}${more}` : 'The input does not match the contract.',
    data: { issues },
  });
};
