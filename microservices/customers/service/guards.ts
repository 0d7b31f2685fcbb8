import { mayActFor } from '../../chassis/auth/authorize.ts';
import { unauthenticated } from '../../chassis/auth/authenticate.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Problem } from '../../chassis/problem.ts';
import { admit, move, type CustomerEvent, type CustomerState, type ThrottleRule } from '../policy.ts';
import { findCustomer, lockCustomer, type CustomerRow } from '../store/customers.ts';
import { findSession, isLive } from '../store/sessions.ts';
import { lockTries, saveTries } from '../store/throttle.ts';
import type { Kit } from '../types.ts';

interface NotFound {
  CUSTOMER_NOT_FOUND: (detail: string) => Problem;
}
interface IllegalState {
  ILLEGAL_STATE: (detail: string, data: { state: string; allowed: string[] }) => Problem;
}
interface TooManyAttempts {
  TOO_MANY_ATTEMPTS: (detail: string, data: { retryAfterSeconds: number }) => Problem;
}

export const notFound = (errors: NotFound, customerId: string): Problem =>
  errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId}. Check the id; customers see themselves only.`);

/** The customer, for reading; 404 when it is not there or not the caller's. */
export const visibleCustomer = async (
  database: Queryable,
  caller: Caller,
  customerId: string,
  errors: NotFound,
): Promise<CustomerRow> => {
  const row = mayActFor(caller, customerId) ? await findCustomer(database, customerId) : undefined;
  if (!row) throw notFound(errors, customerId);
  return row;
};

/** Where a move leads; throws 409 with what would be allowed. */
export const moved = (row: CustomerRow, event: CustomerEvent, errors: IllegalState): CustomerState => {
  const step = move(row.state, event);
  if (step.ok) return step.to;
  const allowed =
    step.allowed.length > 0 ? `Possible are: ${step.allowed.join(', ')}.` : 'Nothing can be done with it any more.';
  throw errors.ILLEGAL_STATE(`The customer ${row.id} is ${row.state}; "${event}" is not possible. ${allowed}`, {
    state: row.state,
    allowed: step.allowed,
  });
};

/**
 * Locks the customer for a change; 404 when it is not there or not the caller's, 409 when it is merged or erased, 401 when the caller's
 * session has ended (an access token outlives its session by minutes; changes do not wait that long).
 */
export const lockForChange = async (
  kit: Kit,
  tx: Queryable,
  caller: Caller,
  customerId: string,
  errors: NotFound & IllegalState,
): Promise<CustomerRow> => {
  const row = mayActFor(caller, customerId) ? await lockCustomer(tx, customerId) : undefined;
  if (!row) throw notFound(errors, customerId);
  moved(row, 'change', errors);
  await requireLiveSession(kit, tx, caller);
  return row;
};

/** 401 when a customer's session has ended. Keys have none. */
export const requireLiveSession = async (kit: Kit, tx: Queryable, caller: Caller): Promise<void> => {
  if (caller.kind !== 'customer') return;
  if (!isLive(await findSession(tx, caller.sessionId), kit.platform.now())) {
    throw unauthenticated('This session has ended. Sign in again.');
  }
};

/**
 * Counts a try and lets it through, or throws 429. In a transaction of its own, before the try: tries at the same time are counted one
 * after the other, and an undone try stays counted.
 */
export const countTry = async (kit: Kit, rule: ThrottleRule, key: string, errors: TooManyAttempts): Promise<void> => {
  const now = kit.platform.now();
  const admission = await kit.platform.database.transaction(async (tx) => {
    const row = await lockTries(tx, key, now);
    const tries = {
      attempts: row.attempts,
      lastAt: Date.parse(row.lastAt),
      blockedUntil: row.blockedUntil === null ? null : Date.parse(row.blockedUntil),
    };
    const decided = admit(rule, tries, now.getTime());
    if (decided.admitted) await saveTries(tx, key, decided.tries);
    return decided;
  });
  if (admission.admitted) return;
  const { retryAfterSeconds } = admission;
  const problem = errors.TOO_MANY_ATTEMPTS(`There were too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
    retryAfterSeconds,
  });
  problem.headers['retry-after'] = String(retryAfterSeconds);
  throw problem;
};
