import { commonFailures } from '../contract/documents/failures.ts';
import type { Operation } from '../contract/index.ts';
import { Problem } from '../problem.ts';

/**
 * The error that ends a request: the one given, when it is no failure, or one that the operation may respond with. A
 * failure that it does not declare is a fault of the service and becomes an error that says so: callers could not know
 * it, and a failure of another service names inputs, or a credential, that the caller never sent.
 */
export const requireDeclared = (
  domain: string,
  { name, declared }: { name: string; declared: Operation },
  error: unknown,
): unknown => {
  if (!(error instanceof Problem) || mayRespond(declared, error)) return error;
  const { code, status, origin } = error;
  const from = origin === undefined ? '' : ` of ${origin}`;
  return new Error(`${domain}.${name} failed with ${status} ${code}${from}, which its contract does not declare`, {
    cause: error,
  });
};

const mayRespond = (declared: Operation, { code, status, origin }: Problem): boolean => {
  if (declared.errors[code]?.status === status || status >= 500) return true;
  return origin === undefined ? commonCodes(declared).has(code) : mayPass(code, status);
};

/** Failures of another service that a repeat of the request may not meet again. */
const mayPass = (code: string, status: number): boolean => status === 429 || code === 'IDEMPOTENCY_IN_FLIGHT';

const known = new WeakMap<Operation, ReadonlySet<string>>();

/** Codes that every operation of this kind may respond with. */
const commonCodes = (declared: Operation): ReadonlySet<string> => {
  const codes = known.get(declared) ?? new Set(commonFailures(declared).map(({ code }) => code));
  known.set(declared, codes);
  return codes;
};
