import { Problem, type ProblemBody } from '../problem.ts';

/** The first answer to a key: what the handler returned, or the expected failure it committed to. */
export type Answer = { output: unknown } | { problem: ProblemBody };

export interface IdempotentRequest {
  caller: string;
  key: string;
  fingerprint: string;
  /** Given when the request is a step of a journey: what it sends may change from repeat to repeat. */
  step?: Step;
}

/** What a step sends, and what the other items of the same attempt send under the same key; both as hashes. */
export interface StepScope {
  content: string;
  beside: readonly string[];
}

export interface Step extends StepScope {
  /** As the caller gave it: several items may act on the same thing, and each of them gets a key made from this one. */
  key: string;
}

/** The answer that was stored before, or the key under which the request is new. */
export type Located = { answer: Answer } | { key: string };

export const stillInFlight = (key: string): Problem =>
  new Problem({
    code: 'IDEMPOTENCY_IN_FLIGHT',
    status: 409,
    title: 'Request in progress',
    detail: `A request with the Idempotency-Key ${key} is still running. Repeat it in a second for its response.`,
    headers: { 'retry-after': '1' },
  });
