import { isUniqueViolation } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import { toPage } from '../../chassis/cursor.ts';
import { passwordWeakness } from '../policy.ts';
import {
  findByEmail,
  findByPhone,
  findCustomer,
  insertCustomer,
  listCustomers,
  lockCustomer,
  positionIn,
  replaceTags,
  saveCustomer,
  toCustomer,
  type CustomerRow,
} from '../store/customers.ts';
import { holdGroup } from '../store/groups.ts';
import type { Customer, CustomersTransaction, Kit, SomeHandlers } from '../types.ts';
import { lockForChange, moved, notFound, visibleCustomer } from './guards.ts';
import { countCode, issueCode, issueVerification } from './issue-code.ts';
import { endWithEvents, startSession } from './start-session.ts';

const DAY_IN_MINUTES = 24 * 60;

/** What events may say about a customer. */
export const factsOf = ({ country, locale, group }: Customer) => ({ country, locale, group });

interface NewProfile {
  email?: string | undefined;
  phone?: string | undefined;
  name?: string | undefined;
  locale: string;
  currency?: string | undefined;
  country?: string | undefined;
}

/** A row of somebody who has just arrived: nothing verified, no group. */
const newRow = (kit: Kit, kind: Customer['kind'], profile: NewProfile) => ({
  id: newId('cus'),
  kind,
  email: profile.email ?? null,
  emailVerified: false,
  phone: profile.phone ?? null,
  phoneVerified: false,
  name: profile.name ?? null,
  locale: profile.locale,
  currency: profile.currency ?? null,
  preferredChannel: 'email' as const,
  country: profile.country ?? null,
  group: null,
  metadata: {},
  passwordHash: null,
  createdAt: kit.platform.now().toISOString(),
});

/** Inserts and reads back: the answer shows what is stored. */
const created = async (tx: CustomersTransaction, row: Parameters<typeof insertCustomer>[1]): Promise<CustomerRow> => {
  await insertCustomer(tx, row);
  const stored = await findCustomer(tx, row.id);
  if (!stored) throw new Error(`The customer ${row.id} was inserted and is not there`);
  return stored;
};

export const signUpHandlers = (kit: Kit): SomeHandlers<'registerCustomer' | 'createGuest' | 'upgradeGuest'> => ({
  registerCustomer: async (input, { errors, commit }) => {
    const weakness = passwordWeakness(input.password, [input.email, input.phone, input.name]);
    if (weakness) throw errors.WEAK_PASSWORD(weakness);
    await countCode(kit, input.email, errors);
    const passwordHash = await (await kit.passwords).hash(input.password);
    const answer = await commit(async (tx) => {
      const customer = await created(tx, { ...newRow(kit, 'registered', input), passwordHash });
      tx.append('customer.registered', customer.id, { customerId: customer.id, wasGuest: false, ...factsOf(customer) });
      await issueVerification(kit, tx, { customerId: customer.id, email: input.email, locale: input.locale });
      const session = await startSession(kit, tx, { customerId: customer.id, by: 'registration' });
      return { customer: toCustomer(customer), session };
    });
    kit.sendCodes();
    return answer;
  },

  createGuest: (input, { commit }) =>
    commit(async (tx) => {
      const customer = await created(tx, newRow(kit, 'guest', input));
      tx.append('customer.guest_created', customer.id, { customerId: customer.id, ...factsOf(customer) });
      const session = await startSession(kit, tx, { customerId: customer.id, by: 'guest' });
      return { customer: toCustomer(customer), session };
    }),

  upgradeGuest: async (input, { caller, errors, commit }) => {
    await visibleCustomer(kit.platform.database, caller, input.customerId, errors);
    const weakness = passwordWeakness(input.password, [input.email, input.name]);
    if (weakness) throw errors.WEAK_PASSWORD(weakness);
    await countCode(kit, input.email, errors);
    const passwordHash = await (await kit.passwords).hash(input.password);
    const answer = await commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, input.customerId, errors);
      if (row.kind !== 'guest')
        throw errors.ALREADY_REGISTERED(`The customer ${row.id} has an account already. Sign in to it.`);
      const upgraded = {
        ...row,
        kind: 'registered' as const,
        email: input.email,
        emailVerified: false,
        name: input.name ?? row.name,
        passwordHash,
      };
      const customer = await saveCustomer(tx, upgraded, kit.platform.now());
      tx.append('customer.registered', row.id, { customerId: row.id, wasGuest: true, ...factsOf(customer) });
      await issueVerification(kit, tx, { customerId: row.id, email: input.email, locale: row.locale });
      return toCustomer(customer);
    });
    kit.sendCodes();
    return answer;
  },
});

/** Two accounts proved the same address at the same moment: the index let one through. */
export const orTaken = async <T>(work: Promise<T>, taken: { email: () => Error; phone?: () => Error }): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (isUniqueViolation(error, 'customer_login_email')) throw taken.email();
    if (taken.phone && isUniqueViolation(error, 'customer_login_phone')) throw taken.phone();
    throw error;
  }
};

export const emailTakenBy = (email: string): string =>
  `The e-mail address ${email} signs in another customer. Use another address, or merge the two customers.`;
const phoneTakenBy = (phone: string): string =>
  `The phone number ${phone} signs in another customer. Use another number, or merge the two customers.`;

export const staffHandlers = (kit: Kit): SomeHandlers<'createCustomer' | 'listCustomers'> => ({
  createCustomer: async (input, { errors, commit }) => {
    const emailTaken = () => errors.EMAIL_TAKEN(emailTakenBy(input.email ?? ''));
    const phoneTaken = () => errors.PHONE_TAKEN(phoneTakenBy(input.phone ?? ''));
    const { group = null } = input;
    const answer = await orTaken(
      commit(async (tx) => {
        if (group !== null && !(await holdGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
        if (input.email && (await findByEmail(tx, input.email))) throw emailTaken();
        // A number may be shared until somebody signs in with it.
        if (input.phone && input.phoneVerified && (await findByPhone(tx, input.phone))) throw phoneTaken();
        const customer = await created(tx, {
          ...newRow(kit, 'registered', input),
          emailVerified: input.email !== undefined && input.emailVerified,
          phoneVerified: input.phone !== undefined && input.phoneVerified,
          preferredChannel: input.preferredChannel,
          group,
          metadata: input.metadata,
        });
        await replaceTags(tx, customer.id, input.tags);
        tx.append('customer.registered', customer.id, {
          customerId: customer.id,
          wasGuest: false,
          ...factsOf(customer),
        });
        if (input.invite && input.email) {
          const minutes = kit.settings.invitationDays * DAY_IN_MINUTES;
          await issueCode(kit, tx, {
            purpose: 'reset_password',
            customerId: customer.id,
            recipient: input.email,
            locale: input.locale,
            minutes,
          });
        }
        return toCustomer({ ...customer, tags: [...new Set(input.tags)].toSorted() });
      }),
      { email: emailTaken, phone: phoneTaken },
    );
    kit.sendCodes();
    return answer;
  },

  listCustomers: async (input) => {
    return toPage(await listCustomers(kit.platform.database, input), input.limit, positionIn(input.sort), toCustomer);
  },
});

export const classifyHandlers = (kit: Kit): SomeHandlers<'setGroup' | 'setTags' | 'confirmPhone'> => ({
  setGroup: ({ customerId, group }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      if (group !== null && !(await holdGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
      return savedWithEvent(kit, tx, row, { ...row, group });
    }),

  setTags: ({ customerId, tags }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      await replaceTags(tx, customerId, tags);
      return savedWithEvent(kit, tx, row, { ...row, tags: [...new Set(tags)].toSorted() });
    }),

  confirmPhone: ({ customerId, phone }, { caller, errors, commit }) => {
    const phoneTaken = () => errors.PHONE_TAKEN(phoneTakenBy(phone));
    return orTaken(
      commit(async (tx) => {
        const row = await lockForChange(kit, tx, caller, customerId, errors);
        if (row.phone !== phone)
          throw errors.PHONE_CHANGED(
            `The customer ${customerId} does not have the number ${phone} now. Ask again for the number.`,
          );
        if (row.phoneVerified) return toCustomer(row);
        const customer = await saveCustomer(tx, { ...row, phoneVerified: true }, kit.platform.now());
        tx.append('customer.verified', customerId, { customerId, contact: 'phone' });
        return toCustomer(customer);
      }),
      { email: phoneTaken, phone: phoneTaken },
    );
  },
});

const noGroup = (code: string): string =>
  `There is no customer group ${code}. Create it first, or choose one from the list of groups.`;

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

/** Saves what differs and tells which fields; nothing differs, nothing happens. */
const savedWithEvent = async (
  kit: Kit,
  tx: CustomersTransaction,
  before: CustomerRow,
  after: CustomerRow,
): Promise<Customer> => {
  const changed = PROFILE_FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  if (changed.length === 0) return toCustomer(before);
  const customer = await saveCustomer(tx, after, kit.platform.now());
  tx.append('customer.updated', before.id, { customerId: before.id, changed, ...factsOf(customer) });
  return toCustomer(customer);
};

const given = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);

export const profileHandlers = (
  kit: Kit,
): SomeHandlers<'getCustomer' | 'updateCustomer' | 'disableCustomer' | 'enableCustomer'> => ({
  getCustomer: async ({ customerId }, { caller, errors }) =>
    toCustomer(await visibleCustomer(kit.platform.database, caller, customerId, errors)),

  updateCustomer: (input, { caller, errors, commit }) =>
    commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, input.customerId, errors);
      const phone = given(input.phone, row.phone);
      return savedWithEvent(kit, tx, row, {
        ...row,
        name: given(input.name, row.name),
        phone,
        phoneVerified: row.phoneVerified && phone === row.phone,
        locale: given(input.locale, row.locale),
        currency: given(input.currency, row.currency),
        country: given(input.country, row.country),
        preferredChannel: given(input.preferredChannel, row.preferredChannel),
        // Integrations keep their own notes there; a customer's client has no say in them.
        metadata: caller.kind === 'key' ? given(input.metadata, row.metadata) : row.metadata,
      });
    }),

  disableCustomer: ({ customerId }, { errors, commit }) =>
    commit(async (tx) => {
      const row = await lockCustomer(tx, customerId);
      if (!row) throw notFound(errors, customerId);
      const now = kit.platform.now();
      const customer = await saveCustomer(tx, { ...row, state: moved(row, 'disable', errors) }, now);
      tx.append('customer.disabled', customerId, { customerId });
      await endWithEvents(tx, { customerId }, 'disabled', now);
      return toCustomer(customer);
    }),

  enableCustomer: ({ customerId }, { errors, commit }) =>
    commit(async (tx) => {
      const row = await lockCustomer(tx, customerId);
      if (!row) throw notFound(errors, customerId);
      const customer = await saveCustomer(tx, { ...row, state: moved(row, 'enable', errors) }, kit.platform.now());
      tx.append('customer.enabled', customerId, { customerId });
      return toCustomer(customer);
    }),
});
