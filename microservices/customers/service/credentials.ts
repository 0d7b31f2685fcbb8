import type { Caller } from '../../chassis/auth/caller.ts';
import type { Problem } from '../../chassis/problem.ts';
import { PASSWORD_RULE, passwordWeakness } from '../policy.ts';
import { expireCodes } from '../store/codes.ts';
import { findByEmail, lockCustomer, saveCustomer, toCustomer, type CustomerRow } from '../store/customers.ts';
import { forgetTries } from '../store/throttle.ts';
import type { Customer, CustomersTransaction, Kit, SomeHandlers } from '../types.ts';
import { emailTakenBy, orTaken } from './accounts.ts';
import { countTry, lockForChange, requireLiveSession, visibleCustomer } from './guards.ts';
import { consumeCode, countCode, issueCode, issueVerification, rightCode } from './issue-code.ts';
import { endWithEvents } from './start-session.ts';

const WRONG_CODE =
  'This code is wrong, was used, or has run out. Check the newest message, or ask for a new code; after five wrong tries a new one is needed.';

interface PasswordErrors {
  WRONG_PASSWORD: (detail: string) => Problem;
  TOO_MANY_ATTEMPTS: (detail: string, data: { retryAfterSeconds: number }) => Problem;
}

/** The keys under which tries to sign in to a customer are counted. */
export const signInKeys = (kit: Kit, customer: Customer): string[] =>
  [customer.email, customer.phone]
    .filter((name) => name !== null)
    .map((name) => kit.secrets.throttleKey('sign-in', name));

/** Customers who have a password show that they know it before something weighty happens; staff do not. */
export const confirmPassword = async (
  kit: Kit,
  caller: Caller,
  row: CustomerRow,
  password: string | undefined,
  errors: PasswordErrors,
): Promise<void> => {
  if (caller.kind === 'key' || row.passwordHash === null) return;
  if (password === undefined) throw errors.WRONG_PASSWORD('Give the password too: this cannot be done without it.');
  const key = kit.secrets.throttleKey('password', row.id);
  await countTry(kit, PASSWORD_RULE, key, errors);
  if (!(await (await kit.passwords).matches(row.passwordHash, password))) {
    throw errors.WRONG_PASSWORD('This is not the customer’s password. Try again, or reset it.');
  }
  await kit.platform.database.transaction((tx) => forgetTries(tx, [key]));
};

export const verificationHandlers = (
  kit: Kit,
): SomeHandlers<'requestVerification' | 'confirmVerification' | 'changeEmail'> => ({
  requestVerification: async ({ customerId }, { caller, errors, commit }) => {
    const seen = await visibleCustomer(kit.platform.database, caller, customerId, errors);
    const nothing = () =>
      errors.NOTHING_TO_VERIFY(`The customer ${customerId} has no e-mail address that is not verified yet.`);
    if (seen.email === null || seen.emailVerified) throw nothing();
    await countCode(kit, seen.email, errors);
    const answer = await commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      if (row.email === null || row.emailVerified) throw nothing();
      return issueVerification(kit, tx, { customerId, email: row.email, locale: row.locale });
    });
    kit.sendCodes();
    return answer;
  },

  confirmVerification: async ({ customerId, code: typed }, { caller, errors, commit }) => {
    await visibleCustomer(kit.platform.database, caller, customerId, errors);
    const code = await rightCode(kit, 'verify_email', { customerId }, typed);
    const email = code?.recipient;
    if (!code || !email) throw errors.WRONG_CODE(WRONG_CODE);
    return orTaken(
      commit(async (tx) => {
        const row = await lockForChange(kit, tx, caller, customerId, errors);
        if (!(await consumeCode(kit, tx, code))) throw errors.WRONG_CODE(WRONG_CODE);
        const customer = await saveCustomer(tx, { ...row, email, emailVerified: true }, kit.platform.now());
        tx.append('customer.verified', customerId, { customerId, contact: 'email' });
        return toCustomer(customer);
      }),
      { email: () => errors.EMAIL_TAKEN(emailTakenBy(email)) },
    );
  },

  changeEmail: async ({ customerId, email, password }, { caller, errors, commit }) => {
    const seen = await visibleCustomer(kit.platform.database, caller, customerId, errors);
    await confirmPassword(kit, caller, seen, password, errors);
    await countCode(kit, email, errors);
    const answer = await commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      return issueVerification(kit, tx, { customerId, email, locale: row.locale });
    });
    kit.sendCodes();
    return answer;
  },
});

/** Gives a customer a new password and ends the sessions that knew the old one. */
const setPassword = async (
  kit: Kit,
  tx: CustomersTransaction,
  row: CustomerRow,
  change: { passwordHash: string; by: 'change' | 'reset'; keep?: string },
): Promise<{ changedAt: string }> => {
  const now = kit.platform.now();
  await saveCustomer(tx, { ...row, passwordHash: change.passwordHash }, now);
  await expireCodes(tx, row.id, ['reset_password'], now);
  await forgetTries(tx, [...signInKeys(kit, row), kit.secrets.throttleKey('password', row.id)]);
  tx.append('customer.password_changed', row.id, { customerId: row.id, by: change.by });
  await endWithEvents(tx, { customerId: row.id, except: change.keep }, 'password_changed', now);
  return { changedAt: now.toISOString() };
};

export const passwordHandlers = (
  kit: Kit,
): SomeHandlers<'changePassword' | 'requestPasswordReset' | 'confirmPasswordReset'> => ({
  changePassword: async ({ customerId, currentPassword, newPassword }, { caller, errors, commit }) => {
    const seen = await visibleCustomer(kit.platform.database, caller, customerId, errors);
    await kit.platform.database.transaction((tx) => requireLiveSession(kit, tx, caller));
    // Staff reset passwords; only who knows the old one changes it.
    if (caller.kind !== 'customer' || seen.passwordHash === null) {
      throw errors.WRONG_PASSWORD('Only customers who have a password can change it. Use the password reset instead.');
    }
    await confirmPassword(kit, caller, seen, currentPassword, errors);
    const weakness = passwordWeakness(newPassword, [seen.email, seen.phone, seen.name]);
    if (weakness) throw errors.WEAK_PASSWORD(weakness);
    const passwordHash = await (await kit.passwords).hash(newPassword);
    return commit(async (tx) => {
      const row = await lockForChange(kit, tx, caller, customerId, errors);
      if (row.passwordHash !== seen.passwordHash)
        throw errors.WRONG_PASSWORD('The password was changed a moment ago. Try again with the new one.');
      return setPassword(kit, tx, row, { passwordHash, by: 'change', keep: caller.sessionId });
    });
  },

  requestPasswordReset: async ({ email }, { errors, commit }) => {
    await countCode(kit, email, errors);
    const answer = await commit(async (tx) => {
      const account = await findByEmail(tx, email);
      return issueCode(kit, tx, {
        purpose: 'reset_password',
        customerId: account?.id ?? null,
        recipient: account ? email : null,
        locale: account?.locale ?? 'en',
      });
    });
    kit.sendCodes();
    return answer;
  },

  confirmPasswordReset: async ({ codeId, code: typed, newPassword }, { errors, commit }) => {
    const simple = passwordWeakness(newPassword, []);
    if (simple) throw errors.WEAK_PASSWORD(simple);
    const code = await rightCode(kit, 'reset_password', { id: codeId }, typed);
    if (!code?.customerId || !code.recipient) throw errors.WRONG_CODE(WRONG_CODE);
    const { customerId, recipient } = code;
    const passwordHash = await (await kit.passwords).hash(newPassword);
    return orTaken(
      commit(async (tx) => {
        const row = await lockCustomer(tx, customerId);
        const usable = row && (row.state === 'active' || row.state === 'disabled') && row.email === recipient;
        if (!usable || !(await consumeCode(kit, tx, code))) throw errors.WRONG_CODE(WRONG_CODE);
        const weakness = passwordWeakness(newPassword, [row.email, row.phone, row.name]);
        if (weakness) throw errors.WEAK_PASSWORD(weakness);
        // Who read the mail has shown that the address is theirs.
        if (!row.emailVerified) tx.append('customer.verified', customerId, { customerId, contact: 'email' });
        return setPassword(kit, tx, { ...row, emailVerified: true }, { passwordHash, by: 'reset' });
      }),
      { email: () => errors.EMAIL_TAKEN(emailTakenBy(recipient)) },
    );
  },
});
