import { mayActFor } from '../../chassis/auth/authorize.ts';
import { sessionEnded } from '../../chassis/auth/authenticate.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Problem } from '../../chassis/problem.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import { customerStates, type CustomerMove } from '../policy/states.ts';
import { findCustomer, lockCustomer, type CustomerRow } from '../store/customers.ts';
import { findSession, isLive } from '../store/sessions.ts';

type NotFound = Pick<Failures<'updateCustomer'>, 'CUSTOMER_NOT_FOUND'>;
type IllegalState = Pick<Failures<'updateCustomer'>, 'ILLEGAL_STATE'>;

export const notFound = (errors: NotFound, customerId: string): Problem =>
  errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId}. Check the id; customers see themselves only.`);

/** The customer, for reading. Throws 404 when it is not there or not the caller's. */
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

/** The state after a move. Throws 409 with what would be allowed. */
export const moved = ({ id, state }: CustomerRow, move: CustomerMove, errors: IllegalState): Customer['state'] =>
  requireMove(customerStates, { name: `Customer ${id}`, state }, move, errors.ILLEGAL_STATE);

/**
 * Locks the customer for a change. Throws 404 when it is not there or not the caller's, 409 when it is merged or
 * erased, 401 when the caller's session has ended (an access token is valid for minutes after its session; changes do
 * not wait that long).
 */
export const lockForChange = async (
  context: Context,
  tx: Queryable,
  caller: Caller,
  customerId: string,
  errors: NotFound & IllegalState,
): Promise<CustomerRow> => {
  const row = mayActFor(caller, customerId) ? await lockCustomer(tx, customerId) : undefined;
  if (!row) throw notFound(errors, customerId);
  moved(row, 'change', errors);
  await requireLiveSession(context, tx, caller);
  return row;
};

/** Throws VERSION_CONFLICT when a locked customer is not at the version that the caller knows. */
export const requireCustomerVersion = (
  { version }: CustomerRow,
  expected: number | undefined,
  errors: Pick<Failures<'updateCustomer'>, 'VERSION_CONFLICT'>,
): void => requireVersion({ name: 'The customer', version }, expected, errors.VERSION_CONFLICT);

/** Throws 401 when a customer's session has ended. Keys have none. */
export const requireLiveSession = async (context: Context, tx: Queryable, caller: Caller): Promise<void> => {
  if (caller.kind !== 'customer') return;
  if (!isLive(await findSession(tx, caller.sessionId), context.now())) throw sessionEnded();
};
