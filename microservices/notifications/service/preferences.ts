import { mayActFor } from '../../chassis/auth/authorize.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { findPreference, savePreference } from '../store/persons.ts';
import { customerRecipient } from './recipient.ts';
import { noCustomer } from './refusals.ts';

type Names = 'getPreferences' | 'setPreferences';

export const preferenceHandlers = (context: Context): Pick<Handlers, Names> => ({
  getPreferences: async ({ customerId }, { caller, errors }) => {
    if (!mayActFor(caller, customerId)) throw errors.CUSTOMER_NOT_FOUND(noCustomer(customerId));
    const chosen = await findPreference(context.database, customerId);
    const { timeZone, quietHours } = chosen ?? context.settings;
    return { customerId, timeZone, quietHours, isDefault: chosen === undefined };
  },

  setPreferences: command({
    prepare: async ({ customerId }, { caller, errors }) => {
      // A staff key may name anybody: the customer must exist before anything is kept about them.
      const exists = mayActFor(caller, customerId) && (await customerRecipient(context, customerId));
      if (!exists) throw errors.CUSTOMER_NOT_FOUND(noCustomer(customerId));
    },
    commit: async (tx, { customerId, timeZone, quietHours }) => {
      await savePreference(tx, customerId, { timeZone, quietHours }, context.now());
      tx.append('notification_preferences.changed', customerId, { customerId });
      return { customerId, timeZone, quietHours, isDefault: false };
    },
  }),
});
