import type { Caller } from '../auth/caller.ts';
import type { Operation } from '../contract/index.ts';
import { Problem } from '../problem.ts';

// A request with the header `Rehearsal: true` gets the response that it would get, and changes nothing: its
// transactions are rolled back.

/**
 * True for a request that may be meant as a rehearsal, so that nothing of it is kept, also where the header turns out
 * to be invalid.
 */
export const asksForRehearsal = (header: string | undefined): boolean => header !== undefined && header !== 'false';

/**
 * Throws 400 for an invalid header, 403 for callers who may not rehearse. Without an API key, sign-ins could be tried
 * without being counted.
 */
export const checkRehearsal = (header: string | undefined, caller: Caller): void => {
  if (!asksForRehearsal(header)) return;
  if (header !== 'true') {
    throw new Problem({
      code: 'INVALID_REHEARSAL',
      status: 400,
      title: 'Invalid Rehearsal header',
      detail: `The header Rehearsal is "true" or "false", not ${JSON.stringify(header)}. Nothing was changed.`,
    });
  }
  if (caller.kind !== 'key') {
    throw new Problem({
      code: 'FORBIDDEN',
      status: 403,
      title: 'Not allowed',
      detail: 'A rehearsal needs an API key. Send the request with one, or without the header Rehearsal.',
    });
  }
};

/** Throws 422 for operations that act beyond the service's database, where nothing can be undone. */
export const refuseUnrehearsable = (declared: Operation): void => {
  const reason = reasonAgainst(declared);
  if (reason === undefined) return;
  throw new Problem({
    code: 'REHEARSAL_NOT_POSSIBLE',
    status: 422,
    title: 'Cannot be rehearsed',
    detail: `"${declared.title}" cannot be rehearsed: ${reason} Nothing was changed. Leave this step out of the rehearsal, or run it for real.`,
  });
};

const reasonAgainst = (declared: Operation): string | undefined => {
  if (declared.cannotRehearse !== undefined) return declared.cannotRehearse;
  if (declared.secretAnswer) return 'its response is a secret that would not be valid.';
  if (declared.stream !== undefined) return 'a file is read in several transactions.';
  return undefined;
};
