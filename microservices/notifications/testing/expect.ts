import { Problem } from '../../chassis/problem.ts';
import { customersContract } from '../../customers/contract.ts';
import { ordersContract } from '../../orders/contract.ts';

/** Customers are elsewhere as far as these tests are concerned: only their topic is needed. */
export const remote = [customersContract, ordersContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' }));

/** The problem that a call is refused with; a call that is not refused fails the test. */
export const problemOf = async (call: Promise<unknown>): Promise<Problem> => {
  const outcome = await call.then(
    (output) => new Error(`Expected a refusal, got ${JSON.stringify(output)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Problem) return outcome;
  throw outcome;
};

let people = 0;
/** An address that no other test writes to. */
export const freshEmail = (): string => `person-${(people += 1)}@example.org`;
