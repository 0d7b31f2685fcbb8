import { mayActFor } from '../../chassis/auth/authorize.ts';
import { forgetAnswers } from '../../chassis/erasure.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { toPage } from '../../chassis/cursor.ts';
import { isErasureComplete } from '../policy.ts';
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
} from '../store/erasures.ts';
import { allSessions, deleteSessions } from '../store/sessions.ts';
import { forgetTries } from '../store/throttle.ts';
import type { CustomersTransaction, Erasure, Kit, SomeHandlers } from '../types.ts';
import { confirmPassword, signInKeys } from './credentials.ts';
import { notFound, requireLiveSession, visibleCustomer } from './guards.ts';
import { endWithEvents } from './start-session.ts';

/** More than a customer can have: merges may have brought some beyond the limit. */
const ALL_ADDRESSES = 10_000;

export const privacyHandlers = (
  kit: Kit,
): SomeHandlers<'exportCustomer' | 'eraseCustomer' | 'getErasure' | 'listErasures' | 'acknowledgeErasure'> => ({
  exportCustomer: async ({ customerId }, { caller, errors }) => {
    const { database } = kit.platform;
    const customer = await visibleCustomer(database, caller, customerId, errors);
    const sessions = await allSessions(database, customerId);
    return {
      exportedAt: kit.platform.now().toISOString(),
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

  eraseCustomer: async ({ customerId, password }, { caller, errors, commit }) => {
    const seen = await visibleCustomer(kit.platform.database, caller, customerId, errors);
    await confirmPassword(kit, caller, seen, password, errors);
    return commit(async (tx) => {
      const row = mayActFor(caller, customerId) ? await lockCustomer(tx, customerId) : undefined;
      if (!row) throw notFound(errors, customerId);
      const before = await findErasure(tx, customerId);
      if (before) return before;
      await requireLiveSession(kit, tx, caller);
      return erase(kit, tx, row, caller.kind === 'key' ? 'staff' : 'customer');
    });
  },

  getErasure: async ({ customerId }, { errors }) => {
    const found = await findErasure(kit.platform.database, customerId);
    if (!found) throw errors.ERASURE_NOT_FOUND(`Nobody has asked to erase the customer ${customerId}.`);
    return found;
  },

  listErasures: async (input) =>
    toPage(await listErasures(kit.platform.database, input), input.limit, (erasure) => [
      erasure.requestedAt,
      erasure.customerId,
    ]),

  acknowledgeErasure: ({ customerId, service }, { errors, commit }) =>
    commit(async (tx) => {
      if (!(await lockErasure(tx, customerId)))
        throw errors.ERASURE_NOT_FOUND(`Nobody has asked to erase the customer ${customerId}.`);
      await acknowledge(tx, customerId, service, kit.platform.now());
      return completed(kit, tx, customerId);
    }),
});

/** The other services that keep data of persons, by their contracts. */
const keepersOfPersonalData = ({ platform }: Kit): string[] =>
  platform.contracts.filter(({ personalData }) => personalData).map(({ domain }) => domain);

/** Deletes the person here and asks everybody else to. */
const erase = async (
  kit: Kit,
  tx: CustomersTransaction,
  row: CustomerRow,
  requestedBy: Erasure['requestedBy'],
): Promise<Erasure> => {
  const now = kit.platform.now();
  const customerId = row.id;
  const services = kit.settings.erasureServices ?? keepersOfPersonalData(kit);
  const alsoKnownAs = await mergedIds(tx, customerId);
  await endWithEvents(tx, { customerId }, 'erased', now);
  await deletePerson(kit, tx, row, now);
  await insertErasure(tx, { customerId, requestedBy, services: [...new Set(['customers', ...services])], now });
  await acknowledge(tx, customerId, 'customers', now);
  tx.append('customer.erase_requested', customerId, {
    customerId,
    alsoKnownAs,
    requestedAt: now.toISOString(),
    services,
  });
  return completed(kit, tx, customerId);
};

const deletePerson = async (
  kit: Kit,
  tx: CustomersTransaction & Queryable,
  row: CustomerRow,
  now: Date,
): Promise<void> => {
  await deleteAddresses(tx, row.id);
  await deleteConsents(tx, row.id);
  await deleteCodes(tx, row.id);
  await deleteSessions(tx, row.id);
  await replaceTags(tx, row.id, []);
  await forgetTries(tx, [...signInKeys(kit, row), kit.secrets.throttleKey('password', row.id)]);
  await forgetAnswers(tx, [row.id]);
  await blankCustomer(tx, row.id, 'erased', row.mergedInto, now);
};

/** The erasure as it stands, completed and told when nobody is missing any more. */
const completed = async (kit: Kit, tx: CustomersTransaction, customerId: string): Promise<Erasure> => {
  const now = kit.platform.now();
  const erasure = await findErasure(tx, customerId);
  if (!erasure) throw new Error(`The erasure of ${customerId} was written and is not there`);
  if (!isErasureComplete(erasure.services) || !(await completeErasure(tx, customerId, now))) return erasure;
  tx.append('customer.erased', customerId, { customerId, completedAt: now.toISOString() });
  return { ...erasure, state: 'completed', completedAt: now.toISOString() };
};
