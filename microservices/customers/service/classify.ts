import type { Caller } from '../../chassis/auth/caller.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { MOST_TAGS } from '../contract/account-changes.ts';
import type { Customer } from '../contract/values.ts';
import { replaceTags, saveCustomer, tagsOf, toCustomer, type CustomerRow } from '../store/customers.ts';
import { keepGroup } from '../store/groups.ts';
import { noGroup } from './groups.ts';
import { lockForChange, requireCustomerVersion } from './guards.ts';
import { savedWithEvent } from './profile.ts';
import { orTaken, phoneTakenBy } from './taken.ts';

type Names = 'setGroup' | 'setTags' | 'addTags' | 'removeTags' | 'confirmPhone';

export const classifyHandlers = (context: Context): Pick<Handlers, Names> => ({
  setGroup: command(async (tx, { customerId, expectedVersion, group }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    requireCustomerVersion(row, expectedVersion, errors);
    if (group !== null && !(await keepGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
    return savedWithEvent(context, tx, row, { ...row, group });
  }),

  setTags: command(async (tx, { customerId, expectedVersion, tags }, { caller, errors }) => {
    const row = await lockForTags(context, tx, caller, customerId, errors);
    requireCustomerVersion(row, expectedVersion, errors);
    return withTags(context, tx, row, tags);
  }),

  addTags: command(async (tx, { customerId, tags }, { caller, errors }) => {
    const row = await lockForTags(context, tx, caller, customerId, errors);
    const all = [...new Set([...row.tags, ...tags])];
    if (all.length > MOST_TAGS)
      throw errors.TOO_MANY_TAGS(
        `The customer ${customerId} would have ${all.length} tags, and can have ${MOST_TAGS}. Remove some first.`,
        { limit: MOST_TAGS },
      );
    return withTags(context, tx, row, all);
  }),

  removeTags: command(async (tx, { customerId, tags }, { caller, errors }) => {
    const row = await lockForTags(context, tx, caller, customerId, errors);
    return withTags(
      context,
      tx,
      row,
      row.tags.filter((tag) => !tags.includes(tag)),
    );
  }),

  confirmPhone: command(async (tx, { customerId, phone }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    if (row.phone !== phone)
      throw errors.PHONE_CHANGED(
        `The customer ${customerId} does not have the number ${phone} now. Ask again for the number.`,
      );
    if (row.phoneVerified) return toCustomer(row);
    const customer = await saveCustomer(tx, { ...row, phoneVerified: true }, context.now()).catch(
      orTaken({ phone: () => errors.PHONE_TAKEN(phoneTakenBy(phone)) }),
    );
    tx.append('customer.verified', customerId, { customerId, contact: 'phone' });
    return toCustomer(customer);
  }),
});

/** Locks a customer and reads its tags as they are under the lock. */
const lockForTags = async (
  context: Context,
  tx: Tx,
  ...rest: [caller: Caller, customerId: string, errors: Failures<'removeTags'>]
): Promise<CustomerRow> => {
  const row = await lockForChange(context, tx, ...rest);
  return { ...row, tags: await tagsOf(tx, row.id) };
};

/** Gives a locked customer exactly these tags, and announces which are new and which are gone. */
const withTags = async (context: Context, tx: Tx, row: CustomerRow, wanted: readonly string[]): Promise<Customer> => {
  const tags = [...new Set(wanted)].toSorted();
  const added = tags.filter((tag) => !row.tags.includes(tag));
  const removed = row.tags.filter((tag) => !tags.includes(tag));
  if (added.length + removed.length === 0) return toCustomer(row);
  await replaceTags(tx, row.id, tags);
  tx.append('customer.tagged', row.id, { customerId: row.id, added: added.length, removed: removed.length });
  return savedWithEvent(context, tx, row, { ...row, tags });
};
