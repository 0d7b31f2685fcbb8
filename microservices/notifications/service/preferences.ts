import { mayActFor } from '../../chassis/auth/authorize.ts';
import { findPreference, savePreference } from '../store/persons.ts';
import type { Context, NotificationHandlers } from './context.ts';
import { customerRecipient } from './recipient.ts';

type PreferenceHandlers = Pick<NotificationHandlers, 'getPreferences' | 'setPreferences'>;

const missing = (customerId: string): string => `There is no customer ${customerId}.`;

export const preferenceHandlers = ({ platform, settings }: Context): PreferenceHandlers => ({
  getPreferences: async ({ customerId }, { caller, errors }) => {
    if (!mayActFor(caller, customerId)) throw errors.CUSTOMER_NOT_FOUND(missing(customerId));
    const chosen = await findPreference(platform.database, customerId);
    const { timeZone, quietHours } = chosen ?? settings;
    return { customerId, timeZone, quietHours, isDefault: chosen === undefined };
  },

  setPreferences: async ({ customerId, timeZone, quietHours }, { caller, errors, commit }) => {
    // A staff key may name anybody: whether there is such a person is asked before anything is kept about them.
    const exists = mayActFor(caller, customerId) && (await customerRecipient(platform, customerId));
    if (!exists) throw errors.CUSTOMER_NOT_FOUND(missing(customerId));
    return commit(async (tx) => {
      await savePreference(tx, customerId, { timeZone, quietHours }, platform.now());
      tx.append('notification_preferences.changed', customerId, { customerId });
      return { customerId, timeZone, quietHours, isDefault: false };
    });
  },
});
