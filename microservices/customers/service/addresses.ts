import { z } from 'zod';
import { needsWholeAddress, type Address } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { invalidInput } from '../../chassis/http/validate.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import {
  clearDefaults,
  countAddresses,
  deleteAddress,
  findAddress,
  insertAddress,
  listAddresses,
  replaceAddress,
  toAddress,
} from '../store/addresses.ts';
import type { CustomerRow } from '../store/customers.ts';
import { lockForChange, visibleCustomer } from './guards.ts';
import { factsOf } from './new-customer.ts';

const MOST_ADDRESSES = 50;

type Names = 'listAddresses' | 'addAddress' | 'updateAddress' | 'removeAddress';

export const addressHandlers = (context: Context): Pick<Handlers, Names> => ({
  listAddresses: async ({ customerId, ...page }, { caller, errors }) => {
    await visibleCustomer(context.database, caller, customerId, errors);
    return toPage(await listAddresses(context.database, customerId, page), page.limit, (row) => [row.id], toAddress);
  },

  addAddress: command(async (tx, { customerId, ...input }, { caller, errors }) => {
    // The customer's row lock makes additions take turns, so that the limit and the defaults hold.
    const row = await lockForChange(context, tx, caller, customerId, errors);
    const before = await countAddresses(tx, customerId);
    if (before >= MOST_ADDRESSES) {
      throw errors.TOO_MANY_ADDRESSES(
        `A customer can have ${MOST_ADDRESSES} addresses. Remove one that is no longer needed.`,
        { limit: MOST_ADDRESSES },
      );
    }
    const { label = null, line2 = null, region = null, phone = null } = input;
    const { defaultShipping = before === 0, defaultBilling = before === 0 } = input;
    await clearDefaults(tx, customerId, { shipping: defaultShipping, billing: defaultBilling });
    const now = context.now().toISOString();
    const optional = { label, line2, region, phone, defaultShipping, defaultBilling };
    const saved = await insertAddress(tx, customerId, {
      ...input,
      ...optional,
      id: newId('adr'),
      createdAt: now,
      updatedAt: now,
    });
    addressesChanged(tx, row);
    return toAddress(saved);
  }),

  updateAddress: command(async (tx, { customerId, addressId, expectedVersion, ...changes }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    const before = await findAddress(tx, customerId, addressId);
    if (!before) throw errors.ADDRESS_NOT_FOUND(noAddress(addressId));
    requireVersion({ name: 'The address', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const after = { ...withChanges(before, changes), updatedAt: context.now().toISOString() };
    requireWholeAddress(after);
    await clearDefaults(tx, customerId, { shipping: after.defaultShipping, billing: after.defaultBilling });
    const saved = await replaceAddress(tx, after);
    addressesChanged(tx, row);
    return toAddress(saved);
  }),

  removeAddress: command(async (tx, { customerId, addressId }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    if ((await deleteAddress(tx, customerId, addressId)) === 0) throw errors.ADDRESS_NOT_FOUND(noAddress(addressId));
    addressesChanged(tx, row);
    return { removed: true as const };
  }),
});

/** Throws INVALID_INPUT when what a change leaves lacks what its country needs. */
const requireWholeAddress = ({ city, postalCode, country }: Pick<Address, 'city' | 'postalCode' | 'country'>): void => {
  const whole = z
    .object({ city: z.string(), postalCode: z.string(), country: z.string() })
    .superRefine(needsWholeAddress);
  const read = whole.safeParse({ city, postalCode, country });
  if (!read.success) throw invalidInput(read.error);
};

const addressesChanged = (tx: Tx, row: CustomerRow): void =>
  tx.append('customer.updated', row.id, { customerId: row.id, changed: ['addresses'], ...factsOf(row) });

const noAddress = (addressId: string): string =>
  `There is no address ${addressId}. List the customer’s addresses to find the right id.`;
