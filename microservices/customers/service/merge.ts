import type { Caller } from '../../chassis/auth/caller.ts';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import { moveAddresses } from '../store/addresses.ts';
import { deleteCodes } from '../store/codes.ts';
import { moveConsents } from '../store/consents.ts';
import {
  blankCustomer,
  findCustomer,
  lockCustomers,
  moveBelongings,
  saveCustomer,
  toCustomer,
  type CustomerRow,
} from '../store/customers.ts';
import { findSession, isLive } from '../store/sessions.ts';
import { moved, notFound, requireLiveSession } from './guards.ts';
import { factsOf } from './new-customer.ts';
import { endWithEvents } from './start-session.ts';

export const mergeHandlers = (context: Context): Pick<Handlers, 'mergeCustomers'> => ({
  mergeCustomers: command(async (tx, { customerId, fromCustomerId, fromRefreshToken }, { caller, errors }) => {
    if (customerId === fromCustomerId)
      throw errors.SAME_CUSTOMER('customerId and fromCustomerId are the same customer. Name two different ones.');
    const rows = mayActFor(caller, customerId) ? await lockCustomers(tx, [customerId, fromCustomerId]) : [];
    const target = rows.find((row) => row.id === customerId);
    if (!target) throw notFound(errors, customerId);
    await requireLiveSession(context, tx, caller);
    if (!(await isOwner(context, tx, caller, fromCustomerId, fromRefreshToken))) {
      throw errors.NOT_THE_OWNER(
        `Send fromRefreshToken, a valid refresh token of ${fromCustomerId}, to show that it is yours.`,
      );
    }
    const source = rows.find((row) => row.id === fromCustomerId);
    if (!source) throw notFound(errors, fromCustomerId);
    moved(target, 'change', errors);
    moved(source, 'merge_into_another', errors);
    return merge(context, tx, source, target);
  }),
});

/** Staff may merge any two; a customer shows the newest refresh token of the other. */
const isOwner = async (
  context: Context,
  tx: Queryable,
  caller: Caller,
  customerId: string,
  refreshToken: string | undefined,
): Promise<boolean> => {
  if (caller.kind === 'key') return true;
  const claims = refreshToken === undefined ? undefined : context.secrets.readRefreshToken(refreshToken);
  const session = claims && (await findSession(tx, claims.sessionId));
  return (
    isLive(session, context.now()) && session.customerId === customerId && session.generation === claims?.generation
  );
};

const merge = async (context: Context, tx: Tx, source: CustomerRow, target: CustomerRow): Promise<Customer> => {
  const now = context.now();
  await endWithEvents(tx, { customerId: source.id }, 'merged', now);
  await deleteCodes(tx, source.id);
  await moveAddresses(tx, source.id, target.id);
  const consents = await moveConsents(tx, source.id, target.id);
  await moveBelongings(tx, source.id, target.id);
  // First emptied, then given on: a verified address belongs to one account at any time.
  await blankCustomer(tx, source.id, 'merged', target.id, now);
  await saveCustomer(tx, filledFrom(target, source), now);
  const customer = await findCustomer(tx, target.id);
  if (!customer) throw new Error(`The customer ${target.id} was saved and is not there`);
  tx.append('customer.merged', target.id, { customerId: target.id, mergedCustomerId: source.id });
  tx.append('customer.updated', target.id, { customerId: target.id, changed: ['merged'], ...factsOf(customer) });
  for (const { purpose, channel, granted, decidedAt } of consents) {
    tx.append('consent.changed', target.id, { customerId: target.id, purpose, channel, granted, decidedAt });
  }
  return toCustomer(customer);
};

/** The target's own values stay; those that it lacks come from the source. */
const filledFrom = (target: CustomerRow, source: CustomerRow): CustomerRow => ({
  ...target,
  ...(target.email === null
    ? { email: source.email, emailVerified: source.emailVerified && source.kind === 'registered' }
    : {}),
  ...(target.phone === null
    ? { phone: source.phone, phoneVerified: source.phoneVerified && source.kind === 'registered' }
    : {}),
  name: target.name ?? source.name,
  currency: target.currency ?? source.currency,
  country: target.country ?? source.country,
  group: target.group ?? source.group,
  metadata: { ...source.metadata, ...target.metadata },
});
