import type { z } from 'zod';
import type { Contract } from '../contract/index.ts';
import { readable, refusingUnknown } from '../contract/schema/remade.ts';
import { Problem } from '../problem.ts';

/**
 * A contract as a service checks it: a field that it does not declare is refused, never dropped (a mistyped
 * `usageLimit` must not make a promotion without a limit), and what was stored before a rule existed can still be sent.
 */
export const asServed = <Of extends Contract>(contract: Of): Of => ({
  ...contract,
  operations: Object.fromEntries(
    Object.entries(contract.operations).map(([name, declared]) => [
      name,
      { ...declared, input: refusingUnknown(declared.input), output: readable(declared.output) },
    ]),
  ),
});

/** Turns Zod's issues into the 400 that a person can act on: for each field what is wrong with it. */
export const invalidInput = (error: z.ZodError): Problem => {
  const issues = error.issues
    .slice(0, 20)
    .map((issue) => ({ path: pathOf(issue).map(String).join('.'), message: issue.message }));
  const [first] = issues;
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return new Problem({
    code: 'INVALID_INPUT',
    status: 400,
    title: 'Invalid request',
    detail: first ? `${first.path || 'The input'}: ${first.message}${more}` : 'The input does not match the contract.',
    data: { issues },
  });
};

/** An unknown field is named itself, not only the object that it stands in. */
const pathOf = (issue: z.core.$ZodIssue): PropertyKey[] =>
  issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined ? [...issue.path, issue.keys[0]] : issue.path;
