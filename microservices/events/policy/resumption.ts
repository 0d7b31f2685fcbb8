import type { PostResult } from './verdict.ts';

/** An execution that n8n cannot run so many times in a row it never can: while n8n starts, it says so of all. */
const ENOUGH = 10;

/** What became of a request to resume an execution. */
export type Resumption =
  | { kind: 'over'; state: 'resumed' | 'failed' | 'gone'; note: string | null }
  | { kind: 'again'; note: string; refusals: number };

/**
 * Judges n8n's response to the last of so many requests that resume an execution; `refusals` are those before it, in a
 * row, that n8n could not follow. n8n responds when the execution has ended or is parked again. After the first
 * request, an execution that has moved on may have been resumed by an earlier one.
 */
export const resumptionOf = (
  result: PostResult,
  { attempts, refusals }: { attempts: number; refusals: number },
): Resumption => {
  const before = attempts > 1;
  if (result.kind === 'forbidden') return { kind: 'over', state: 'gone', note: result.detail };
  if (result.kind !== 'responded') return { kind: 'again', note: result.detail, refusals: 0 };
  const { status, body } = result;
  if (status >= 200 && status < 300) return { kind: 'over', state: 'resumed', note: null };
  const note = `n8n responded with ${status}: ${body.slice(0, 300)}`;
  if (status === 500 && body.includes('Error in workflow')) return { kind: 'over', state: 'failed', note: null };
  // n8n starts, or was stopped while the execution ran on and will not run it again.
  if (status === 500 && body.includes('problem executing the workflow'))
    return refusals + 1 >= ENOUGH
      ? { kind: 'over', state: 'failed', note }
      : { kind: 'again', note, refusals: refusals + 1 };
  if (status === 409) return onConflict(body, before, note);
  if (status === 404 && /does not (exist|contain)/.test(body)) return { kind: 'over', state: 'gone', note };
  // Another step of the execution waits now.
  if (status === 410) return { kind: 'over', state: before ? 'resumed' : 'gone', note: before ? null : note };
  if (status === 401 || status === 403) return { kind: 'over', state: 'gone', note };
  return { kind: 'again', note, refusals: 0 };
};

/** An execution that runs is not parked yet, or was resumed by a request whose response was lost. */
const onConflict = (body: string, before: boolean, note: string): Resumption => {
  if (body.includes('running')) return { kind: 'again', note, refusals: 0 };
  if (!before) return { kind: 'over', state: 'gone', note };
  return body.includes('error')
    ? { kind: 'over', state: 'failed', note }
    : { kind: 'over', state: 'resumed', note: null };
};
