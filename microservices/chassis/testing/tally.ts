import { Problem } from '../problem.ts';

/** Runs calls all at once and counts how each ended: "OK", or the code of its problem. Throws any other error. */
export const tally = async (calls: readonly Promise<unknown>[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === 'rejected' && !(outcome.reason instanceof Problem)) throw outcome.reason;
    const end = outcome.status === 'fulfilled' ? 'OK' : (outcome.reason as Problem).code;
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
};
