import { forgetAnswers } from '../../chassis/erasure.ts';
import type { Context, Tx } from '../context.ts';
import type { Erasure } from '../contract/values.ts';
import { isErasureComplete } from '../policy/privacy.ts';
import { deleteAddresses } from '../store/addresses.ts';
import { deleteCodes, deleteCodesTo } from '../store/codes.ts';
import { deleteConsents } from '../store/consents.ts';
import {
  blankCustomer,
  lockCustomers,
  mergedIds,
  moveMerged,
  replaceTags,
  type CustomerRow,
} from '../store/customers.ts';
import { acknowledge, completeErasure, findErasure, insertErasure } from '../store/erasures.ts';
import { deleteSessions } from '../store/sessions.ts';
import { forgetTries } from '../store/throttle.ts';
import { endWithEvents } from './start-session.ts';
import { signInKeys } from './throttle.ts';

interface ToErase {
  /** The customer under whose id the erasure runs, locked. */
  row: CustomerRow;
  /** Ids of other customers and guests that are the same person. */
  others: readonly string[];
  /** Addresses that are known to be the person's. */
  emails: readonly string[];
  by: Erasure['requestedBy'];
}

/** The other services that keep data of persons, by their contracts. */
const keepersOfPersonalData = ({ contracts }: Context): string[] =>
  contracts.filter(({ personalData }) => personalData).map(({ domain }) => domain);

/** Deletes the person here and asks every other service to. */
export const erasePerson = async (context: Context, tx: Tx, { row, others, emails, by }: ToErase): Promise<Erasure> => {
  const now = context.now();
  const customerId = row.id;
  const services = context.settings.erasureServices ?? keepersOfPersonalData(context);
  const same = await lockCustomers(
    tx,
    others.filter((id) => id !== customerId),
  );
  for (const other of same) {
    await deleteCustomer(context, tx, { ...other, mergedInto: customerId }, now);
    await moveMerged(tx, other.id, customerId);
  }
  await deleteCustomer(context, tx, row, now);
  await deleteCodesTo(tx, emails);
  const asked = [...new Set(['customers', ...services])];
  await insertErasure(tx, { customerId, requestedBy: by, emails, services: asked, now });
  await acknowledge(tx, customerId, 'customers', now);
  tx.append('customer.erase_requested', customerId, {
    customerId,
    alsoKnownAs: await mergedIds(tx, customerId),
    requestedAt: now.toISOString(),
    services,
  });
  return completedErasure(context, tx, customerId);
};

const deleteCustomer = async (context: Context, tx: Tx, row: CustomerRow, now: Date): Promise<void> => {
  await endWithEvents(tx, { customerId: row.id }, 'erased', now);
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
export const completedErasure = async (context: Context, tx: Tx, customerId: string): Promise<Erasure> => {
  const now = context.now();
  const erasure = await findErasure(tx, customerId);
  if (!erasure) throw new Error(`The erasure of ${customerId} was written and is not there`);
  if (!isErasureComplete(erasure.services) || !(await completeErasure(tx, customerId, now))) return erasure;
  tx.append('customer.erased', customerId, {
    customerId,
    alsoKnownAs: await mergedIds(tx, customerId),
    completedAt: now.toISOString(),
  });
  return { ...erasure, state: 'completed', completedAt: now.toISOString() };
};
