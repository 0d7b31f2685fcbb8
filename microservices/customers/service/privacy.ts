import { mayActFor } from '../../chassis/auth/authorize.ts';
import { forgetAnswers } from '../../chassis/erasure.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { Erasure } from '../contract/values.ts';
import { isErasureComplete } from '../policy/privacy.ts';
import { deleteAddresses, listAddresses, toAddress } from '../store/addresses.ts';
import { deleteCodes } from '../store/codes.ts';
import { allDecisions, deleteConsents } from '../store/consents.ts';
import {
  blankCustomer,
  lockCustomer,
  mergedIds,
  replaceTags,
  toCustomer,
  type CustomerRow,
} from '../store/customers.ts';
import {
  acknowledge,
  completeErasure,
  findErasure,
  insertErasure,
  listErasures,
  lockErasure,
  postpone,
} from '../store/erasures.ts';
import { allSessions, deleteSessions } from '../store/sessions.ts';
import { forgetTries } from '../store/throttle.ts';
import { confirmPassword } from './confirm-password.ts';
import { notFound, requireLiveSession, visibleCustomer } from './guards.ts';
import { endWithEvents } from './start-session.ts';
import { signInKeys } from './throttle.ts';

/** More than a customer can have: merges may have brought some beyond the limit. */
const ALL_ADDRESSES = 10_000;

type Names =
  'exportCustomer' | 'eraseCustomer' | 'getErasure' | 'listErasures' | 'acknowledgeErasure' | 'postponeErasure';

export const privacyHandlers = (context: Context): Pick<Handlers, Names> => ({
  exportCustomer: async ({ customerId }, { caller, errors }) => {
    const { database } = context;
    const customer = await visibleCustomer(database, caller, customerId, errors);
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
      return erase(context, tx, row, caller.kind === 'key' ? 'staff' : 'customer');
    },
  }),

  getErasure: async ({ customerId }, { errors }) => {
    const found = await findErasure(context.database, customerId);
    if (!found) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    return found;
  },

  listErasures: async (input) =>
    toPage(await listErasures(context.database, input), input.limit, (erasure) => [
      erasure.requestedAt,
      erasure.customerId,
    ]),

  acknowledgeErasure: command(async (tx, { customerId, service }, { errors }) => {
    if (!(await lockErasure(tx, customerId))) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    await acknowledge(tx, customerId, service, context.now());
    return completed(context, tx, customerId);
  }),

  postponeErasure: command(async (tx, { customerId, service, reason }, { errors }) => {
    if (!(await lockErasure(tx, customerId))) throw errors.ERASURE_NOT_FOUND(noErasure(customerId));
    if (await postpone(tx, customerId, service, reason))
      tx.append('customer.erasure_postponed', customerId, { customerId, service });
    return completed(context, tx, customerId);
  }),
});

const noErasure = (customerId: string): string =>
  `There is no erasure request for the customer ${customerId}. List the erasure requests to find the right id.`;

/** The other services that keep data of persons, by their contracts. */
const keepersOfPersonalData = ({ contracts }: Context): string[] =>
  contracts.filter(({ personalData }) => personalData).map(({ domain }) => domain);

/** Deletes the person here and asks every other service to. */
const erase = async (
  context: Context,
  tx: Tx,
  row: CustomerRow,
  requestedBy: Erasure['requestedBy'],
): Promise<Erasure> => {
  const now = context.now();
  const customerId = row.id;
  const services = context.settings.erasureServices ?? keepersOfPersonalData(context);
  const alsoKnownAs = await mergedIds(tx, customerId);
  await endWithEvents(tx, { customerId }, 'erased', now);
  await deletePerson(context, tx, row, now);
  await insertErasure(tx, { customerId, requestedBy, services: [...new Set(['customers', ...services])], now });
  await acknowledge(tx, customerId, 'customers', now);
  tx.append('customer.erase_requested', customerId, {
    customerId,
    alsoKnownAs,
    requestedAt: now.toISOString(),
    services,
  });
  return completed(context, tx, customerId);
};

const deletePerson = async (context: Context, tx: Tx, row: CustomerRow, now: Date): Promise<void> => {
  await deleteAddresses(tx, row.id);
  await deleteConsents(tx, row.id);
  await deleteCodes(tx, row.id);
  await deleteSessions(tx, row.id);
  await replaceTags(tx, row.id, []);
  await forgetTries(tx, [...signInKeys(context, row), context.secrets.throttleKey('password', row.id)]);
  await forgetAnswers(tx, [row.id]);
  await blankCustomer(tx, row.id, 'erased', row.mergedInto, now);
};

/** The erasure as it stands; completed and announced once every service has acknowledged it. */
const completed = async (context: Context, tx: Tx, customerId: string): Promise<Erasure> => {
  const now = context.now();
  const erasure = await findErasure(tx, customerId);
  if (!erasure) throw new Error(`The erasure of ${customerId} was written and is not there`);
  if (!isErasureComplete(erasure.services) || !(await completeErasure(tx, customerId, now))) return erasure;
  tx.append('customer.erased', customerId, { customerId, completedAt: now.toISOString() });
  return { ...erasure, state: 'completed', completedAt: now.toISOString() };
};
