import { hashApiKey } from '../../../../microservices/chassis/auth/authenticate.ts';
import { freshCode, PASSWORD, PLAIN_ADDRESS } from '../plain-input.ts';
import { after, also, until, type Recipe, type Recipes } from './recipe.ts';

interface Mail {
  text: string;
}

/** Waits for a mail to the owner and reads the code in it. */
const codeFrom = async (
  workshop: Parameters<Recipe>[0],
  to: string,
  template: 'verify-email' | 'reset-password',
): Promise<string> => {
  const codes = async (): Promise<string | undefined> => {
    const { items } = await workshop.run<{ items: Mail[] }>('notifications.listDevInbox', { to, template });
    return /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(items[0]?.text ?? '')?.[0];
  };
  return (await until(`a mail ${template} comes to ${to}`, codes, (code) => code !== undefined)) ?? '';
};

/** The owner's address is confirmed, so that the owner can sign in. */
export const verified: Recipe = async (workshop, owner) => {
  const { customerId, email } = owner;
  const code = await codeFrom(workshop, email, 'verify-email');
  await workshop.run('customers.confirmVerification', { customerId, code });
  return {};
};

const newGroup: Recipe = async (workshop, owner) => ({
  group: (await workshop.make<{ code: string }>('customers.saveGroup', owner)).code,
});

const erasing: Recipe = after('customers.eraseCustomer');

export const customersRecipes: Recipes = {
  'customers.createCustomer': (_workshop, { email }) => ({ email, allowDuplicateEmail: true }),
  'customers.setGroup': newGroup,
  'customers.deleteGroup': after('customers.saveGroup'),
  'customers.confirmPhone': async (workshop, { customerId }) => {
    const phone = `+49151${Math.trunc(Math.random() * 1e9)}`;
    await workshop.run('customers.updateCustomer', { customerId, phone });
    return { phone };
  },
  'customers.enableCustomer': after('customers.disableCustomer'),
  'customers.mergeCustomers': async (workshop) => {
    const { customerId, refreshToken } = await workshop.person('guest');
    return { fromCustomerId: customerId, fromRefreshToken: refreshToken };
  },
  'customers.confirmVerification': async (workshop, { kind, customerId, email }) => {
    if (kind === 'guest') await workshop.run('customers.requestVerification', { customerId });
    return { code: await codeFrom(workshop, email, 'verify-email') };
  },
  'customers.changeEmail': () => ({ password: PASSWORD }),
  'customers.changePassword': async (...all) => ({ ...(await verified(...all)), currentPassword: PASSWORD }),
  'customers.requestPasswordReset': (_workshop, { email }) => ({ email }),
  'customers.confirmPasswordReset': async (workshop, owner) => {
    await verified(workshop, owner, {});
    const { codeId } = await workshop.run<{ codeId: string }>('customers.requestPasswordReset', { email: owner.email });
    return { codeId, code: await codeFrom(workshop, owner.email, 'reset-password') };
  },
  'customers.signIn': async (...all) => ({ ...(await verified(...all)), email: all[1].email }),
  'customers.refreshSession': (_workshop, { refreshToken }) => ({ refreshToken }),
  'customers.endSession': (_workshop, { sessionId }) => ({ sessionId }),
  'customers.addAddress': () => PLAIN_ADDRESS,
  'customers.eraseCustomer': () => ({ password: PASSWORD }),
  'customers.getErasure': erasing,
  'customers.getErasureAddresses': erasing,
  'customers.acknowledgeErasure': also(erasing, () => ({ service: 'orders' })),
  'customers.postponeErasure': also(erasing, () => ({ service: 'orders' })),
  'customers.introspectApiKey': async (workshop, owner) => ({
    hash: hashApiKey((await workshop.make<{ key: string }>('customers.createApiKey', owner)).key),
  }),
};

/** Sends a message to the owner and waits until it is in a state. */
const message =
  (state: 'delivered' | 'queued', more: Readonly<Record<string, unknown>> = {}): Recipe =>
  async (workshop, owner, given) => {
    if (given['notificationId']) return {};
    const { id } = await workshop.make<{ id: string }>('notifications.sendNotification', owner, more);
    await until(
      `the message is ${state}`,
      () => workshop.run<{ state: string }>('notifications.getNotification', { notificationId: id }),
      (seen) => seen.state === state,
    );
    return { notificationId: id };
  };

/** A message that waits until the owner's quiet hours are over. */
const waiting: Recipe = async (workshop, owner, given) => {
  const { customerId } = owner;
  await verified(workshop, owner, {});
  const consent = { customerId, purpose: 'marketing', channel: 'email', granted: true };
  await workshop.run('customers.setConsent', consent);
  const hour = (offset: number): string =>
    `${String((new Date().getUTCHours() + offset + 24) % 24).padStart(2, '0')}:00`;
  const quietHours = { from: hour(-2), until: hour(3) };
  await workshop.run('notifications.setPreferences', { customerId, timeZone: 'UTC', quietHours });
  const marketing = {
    channel: 'email',
    template: 'cart-reminder',
    purpose: 'marketing',
    data: { cart: { lines: [] } },
  };
  return message('queued', marketing)(workshop, owner, given);
};

const undelivered: Recipe = async (...all) => {
  const { notificationId } = await message('delivered')(...all);
  await all[0].run('notifications.reportDelivery', { notificationId, outcome: 'failed' });
  return { notificationId };
};

export const notificationsRecipes: Recipes = {
  'notifications.sendNotification': (_workshop, { customerId }) => ({ customerId, template: 'account-exists' }),
  'notifications.markRead': message('delivered'),
  'notifications.reportDelivery': message('delivered'),
  'notifications.retryNotification': undelivered,
  'notifications.cancelNotification': waiting,
  'notifications.saveTemplate': () => ({ template: freshCode() }),
  'notifications.deleteTemplate': after('notifications.saveTemplate'),
  'notifications.setPreferences': () => ({ quietHours: null }),
};
