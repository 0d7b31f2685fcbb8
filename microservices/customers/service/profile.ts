import { command } from '../../chassis/http/command.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import { lockCustomer, saveCustomer, toCustomer, type CustomerRow } from '../store/customers.ts';
import { lockForChange, moved, notFound, requireCustomerVersion, visibleCustomer } from './guards.ts';
import { factsOf } from './new-customer.ts';
import { endWithEvents } from './start-session.ts';

type Names = 'getCustomer' | 'updateCustomer' | 'disableCustomer' | 'enableCustomer';

export const profileHandlers = (context: Context): Pick<Handlers, Names> => ({
  getCustomer: async ({ customerId }, { caller, errors }) =>
    toCustomer(await visibleCustomer(context.database, caller, customerId, errors)),

  updateCustomer: command(async (tx, { customerId, expectedVersion, metadata, ...changes }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    requireCustomerVersion(row, expectedVersion, errors);
    // Integrations keep their own notes in metadata; customers cannot change them.
    const after = withChanges(row, caller.kind === 'key' ? { ...changes, metadata } : changes);
    const phoneVerified = row.phoneVerified && after.phone === row.phone;
    return savedWithEvent(context, tx, row, { ...after, phoneVerified });
  }),

  disableCustomer: command(async (tx, { customerId }, { errors }) => {
    const customer = await switchTo(context, tx, customerId, 'disable', errors);
    tx.append('customer.disabled', customerId, { customerId });
    await endWithEvents(tx, { customerId }, 'disabled', context.now());
    return customer;
  }),

  enableCustomer: command(async (tx, { customerId }, { errors }) => {
    const customer = await switchTo(context, tx, customerId, 'enable', errors);
    tx.append('customer.enabled', customerId, { customerId });
    return customer;
  }),
});

const switchTo = async (
  context: Context,
  tx: Tx,
  customerId: string,
  move: 'disable' | 'enable',
  errors: Failures<'disableCustomer'>,
): Promise<Customer> => {
  const row = await lockCustomer(tx, customerId);
  if (!row) throw notFound(errors, customerId);
  return toCustomer(await saveCustomer(tx, { ...row, state: moved(row, move, errors) }, context.now()));
};

const PROFILE_FIELDS = [
  'name',
  'phone',
  'locale',
  'currency',
  'country',
  'preferredChannel',
  'group',
  'tags',
  'metadata',
] as const;

/** Saves what differs and announces which fields; when nothing differs, nothing happens. */
export const savedWithEvent = async (
  context: Context,
  tx: Tx,
  before: CustomerRow,
  after: CustomerRow,
): Promise<Customer> => {
  const changed = PROFILE_FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  if (changed.length === 0) return toCustomer(before);
  const customer = await saveCustomer(tx, after, context.now());
  tx.append('customer.updated', before.id, { customerId: before.id, changed, ...factsOf(customer) });
  return toCustomer(customer);
};
