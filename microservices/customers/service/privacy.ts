import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { OutputOf } from '../../chassis/contract/index.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import type { customersContract } from '../contract.ts';
import { listAddresses, toAddress } from '../store/addresses.ts';
import { allDecisions } from '../store/consents.ts';
import {
  findAllByEmail,
  idsWithoutPassword,
  lockCustomer,
  mergedIds,
  toCustomer,
  type CustomerRow,
} from '../store/customers.ts';
import {
  acknowledge,
  findErasure,
  findErasureEmails,
  findErasureOf,
  listErasures,
  lockErasure,
  postpone,
} from '../store/erasures.ts';
import { allSessions } from '../store/sessions.ts';
import { confirmPassword } from './confirm-password.ts';
import { completedErasure, erasePerson } from './erase-person.ts';
import { notFound, requireLiveSession, visibleCustomer } from './guards.ts';
import { created, newRow } from './new-customer.ts';
import { takeTurns } from './throttle.ts';

type Exported = OutputOf<typeof customersContract, 'exportCustomer'>;

/** Customers with one address that an export shows, and that an erasure takes at once, at most. */
const EXPORTED = 50;
const AT_ONCE = 1_000;
/** More than a customer can have: merges may have brought some beyond the limit. */
const ALL_ADDRESSES = 10_000;

type Names =
  | 'exportCustomer'
  | 'exportByEmail'
  | 'eraseCustomer'
  | 'eraseByEmail'
  | 'getErasure'
  | 'getErasureAddresses'
  | 'listErasures'
  | 'acknowledgeErasure'
  | 'postponeErasure';

export const privacyHandlers = (context: Context): Pick<Handlers, Names> => ({
  exportCustomer: async ({ customerId }, { caller, errors }) => {
    const customer = await visibleCustomer(context.database, caller, customerId, errors);
    return exported(context, customer);
  },

  exportByEmail: async ({ email }) => {
    const found = await findAllByEmail(context.database, email, EXPORTED);
    return { customers: await Promise.all(found.map((customer) => exported(context, customer))) };
  },

  eraseCustomer: command({
    prepare: async ({ customerId, password }, { caller, errors }) => {
      const seen = await visibleCustomer(context.database, caller, customerId, errors);
      await confirmPassword(context, caller, seen, password, errors);
    },
    commit: async (tx, { customerId }, { caller, errors }) => {
      const row = mayActFor(caller, customerId) ? await lockCustomer(tx, customerId) : undefined;
      if (!row) throw notFound(errors, customerId);
      const before = await findErasure(tx, customerId);
      if (before) return before;
      await requireLiveSession(context, tx, caller);
      const emails = row.email !== null && row.emailVerified ? [row.email] : [];
      const others = (await Promise.all(emails.map((email) => idsWithoutPassword(tx, email)))).flat();
      return erasePerson(context, tx, { row, others, emails, by: caller.kind === 'key' ? 'staff' : 'customer' });
    },
  }),

  eraseByEmail: command(async (tx, { email }) => {
    await takeTurns(context, tx, email);
    const before = await findErasureOf(tx, email);
    if (before) return before;
    const [first, ...others] = await findAllByEmail(tx, email, AT_ONCE);
    const row = (first && (await lockCustomer(tx, first.id))) ?? (await created(tx, nobody(context)));
    return erasePerson(context, tx, { row, others: others.map(({ id }) => id), emails: [email], by: 'staff' });
  }),

  getErasure: async ({ customerId }, { errors }) => {
    const found = await findErasure(context.database, customerId);
    if (!found) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    return found;
  },

  getErasureAddresses: async ({ customerId }, { errors }) => {
    const emails = await findErasureEmails(context.database, customerId);
    if (!emails) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    return { emails };
  },

  listErasures: async (input) =>
    toPage(await listErasures(context.database, input), input.limit, (erasure) => [
      erasure.requestedAt,
      erasure.customerId,
    ]),

  acknowledgeErasure: command(async (tx, { customerId, service }, { errors }) => {
    if (!(await lockErasure(tx, customerId))) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    await acknowledge(tx, customerId, service, context.now());
    return completedErasure(context, tx, customerId);
  }),

  postponeErasure: command(async (tx, { customerId, service, reason }, { errors }) => {
    if (!(await lockErasure(tx, customerId))) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    if (await postpone(tx, customerId, service, reason))
      tx.append('customer.erasure_postponed', customerId, { customerId, service });
    return completedErasure(context, tx, customerId);
  }),
});

const noErasure = (customerId: string): string =>
  `There is no erasure request for the customer ${customerId}. List the erasure requests to find the right id.`;

/** Somebody without an account, under whose id the erasure of an address runs. */
const nobody = (context: Context) => newRow(context, 'guest', { locale: 'en' });

/** All that is kept here about one customer. */
const exported = async (context: Context, customer: CustomerRow): Promise<Exported> => {
  const { database } = context;
  const { id: customerId } = customer;
  const sessions = await allSessions(database, customerId);
  return {
    exportedAt: context.now().toISOString(),
    customer: toCustomer(customer),
    addresses: (await listAddresses(database, customerId, { limit: ALL_ADDRESSES })).map(toAddress),
    consents: await allDecisions(database, customerId),
    sessions: sessions.map(({ startedAt, lastUsedAt, device, endReason }) => ({
      startedAt,
      lastUsedAt,
      device,
      ended: endReason,
    })),
    mergedCustomers: await mergedIds(database, customerId),
  };
};
