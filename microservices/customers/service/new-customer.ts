import { newId } from '../../chassis/ids.ts';
import type { Context, Tx } from '../context.ts';
import type { Customer } from '../contract/values.ts';
import { findCustomer, insertCustomer, type CustomerRow, type NewCustomer } from '../store/customers.ts';

interface NewProfile {
  email?: string | undefined;
  phone?: string | undefined;
  name?: string | undefined;
  locale: string;
  currency?: string | undefined;
  country?: string | undefined;
}

/** A row of somebody who has just arrived: nothing verified, no group. */
export const newRow = (context: Context, kind: Customer['kind'], profile: NewProfile): NewCustomer => ({
  id: newId('cus'),
  kind,
  email: profile.email ?? null,
  emailVerified: false,
  phone: profile.phone ?? null,
  phoneVerified: false,
  name: profile.name ?? null,
  locale: profile.locale,
  currency: profile.currency ?? null,
  preferredChannel: 'email',
  country: profile.country ?? null,
  group: null,
  metadata: {},
  passwordHash: null,
  createdAt: context.now().toISOString(),
});

/** Inserts and reads back: the response shows what is stored. */
export const created = async (tx: Tx, row: NewCustomer): Promise<CustomerRow> => {
  await insertCustomer(tx, row);
  const stored = await findCustomer(tx, row.id);
  if (!stored) throw new Error(`The customer ${row.id} was inserted and is not there`);
  return stored;
};

/** The part that all events about a profile share. */
export const factsOf = ({ country, locale, group }: Customer) => ({ country, locale, group });
