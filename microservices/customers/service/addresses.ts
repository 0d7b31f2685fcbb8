import { z } from 'zod';
import { needsWholeAddress, type Address } from '../../chassis/contract/index.ts';
import { invalidInput } from '../../chassis/http/validate.ts';
import { newId } from '../../chassis/ids.ts';
import { toPage } from '../../chassis/cursor.ts';
import { withChanges } from '../../chassis/with-changes.ts';
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
import type { CustomersTransaction, Kit, SomeHandlers } from '../types.ts';
import { factsOf } from './accounts.ts';
import { lockForChange, visibleCustomer } from './guards.ts';

const MOST_ADDRESSES = 50;

const addressesChanged = (tx: CustomersTransaction, row: CustomerRow): void =>
  tx.append('customer.updated', row.id, { customerId: row.id, changed: ['addresses'], ...factsOf(row) });

const noAddress = (addressId: string, customerId: string): string =>
  `The customer ${customerId} has no address ${addressId}. List the addresses to see which there are.`;

/** Throws INVALID_INPUT when what a change leaves lacks what its country needs. */
const requireWholeAddress = ({ city, postalCode, country }: Pick<Address, 'city' | 'postalCode' | 'country'>): void => {
  const whole = z
    .object({ city: z.string(), postalCode: z.string(), country: z.string() })
    .superRefine(needsWholeAddress);
  const read = whole.safeParse({ city, postalCode, country });
  if (!read.success) throw invalidInput(read.error);
};

export const addressHandlers = (
  kit: Kit,
): SomeHandlers<'listAddresses' | 'addAddress' | 'updateAddress' | 'removeAddress'> => ({
  listAddresses: async ({ customerId, ...page }, { caller, errors }) => {
    await visibleCustomer(kit.platform.database, caller, customerId, errors);
    return toPage(
      await listAddresses(kit.platform.database, customerId, page),
      page.limit,
      (row) => [row.id],
      toAddress,
    );
  },

  addAddress: ({ customerId, ...input }, { caller, errors, commit }) =>
    commit(async (tx) => {
      // The customer's row lock makes additions take turns: the limit and the defaults hold whoever comes at the same time.
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      const before = await countAddresses(tx, customerId);
      if (before >= MOST_ADDRESSES) {
        throw errors.TOO_MANY_ADDRESSES(
          `A customer can have ${MOST_ADDRESSES} addresses. Remove one that is no longer needed.`,
          { limit: MOST_ADDRESSES },
        );
      }
      const defaultShipping = input.defaultShipping ?? before === 0;
      const defaultBilling = input.defaultBilling ?? before === 0;
      await clearDefaults(tx, customerId, { shipping: defaultShipping, billing: defaultBilling });
      const now = kit.platform.now().toISOString();
      const { label = null, line2 = null, region = null, phone = null } = input;
      const saved = await insertAddress(tx, customerId, {
        ...input,
        id: newId('adr'),
        label,
        line2,
        region,
        phone,
        defaultShipping,
        defaultBilling,
        createdAt: now,
        updatedAt: now,
      });
      addressesChanged(tx, row);
      return toAddress(saved);
    }),

  updateAddress: ({ customerId, addressId, ...changes }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      const before = await findAddress(tx, customerId, addressId);
      if (!before) throw errors.ADDRESS_NOT_FOUND(noAddress(addressId, customerId));
      const after = { ...withChanges(before, changes), updatedAt: kit.platform.now().toISOString() };
      requireWholeAddress(after);
      await clearDefaults(tx, customerId, { shipping: after.defaultShipping, billing: after.defaultBilling });
      const saved = await replaceAddress(tx, after);
      addressesChanged(tx, row);
      return toAddress(saved);
    }),

  removeAddress: ({ customerId, addressId }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      if ((await deleteAddress(tx, customerId, addressId)) === 0)
        throw errors.ADDRESS_NOT_FOUND(noAddress(addressId, customerId));
      addressesChanged(tx, row);
      return { removed: true as const };
    }),
});
