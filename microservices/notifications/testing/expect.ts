import { Problem } from '../../chassis/problem.ts';

/** The problem that a call is refused with; a call that is not refused fails the test. */
export const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  const outcome = await call.then(
    (answer) => new Error(`Expected a refusal, got ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Problem) return outcome;
  throw outcome;
};

let people = 0;
/** An address that no other test writes to. */
export const freshEmail = (): string => `person-${(people += 1)}@example.org`;
