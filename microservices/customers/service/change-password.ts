import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { passwordWeakness } from '../policy/passwords.ts';
import { expireCodes } from '../store/codes.ts';
import { findByEmail, lockCustomer, saveCustomer, type CustomerRow } from '../store/customers.ts';
import { forgetTries } from '../store/throttle.ts';
import { confirmPassword } from './confirm-password.ts';
import { lockForChange, requireLiveSession, visibleCustomer } from './guards.ts';
import { consumeCode, issueCode, rightCode, WRONG_CODE } from './issue-code.ts';
import { endWithEvents } from './start-session.ts';
import { emailTakenBy, orTaken } from './taken.ts';
import { countCode, countTypedCode, knownDevice, signInKeys } from './throttle.ts';

type Names = 'changePassword' | 'requestPasswordReset' | 'confirmPasswordReset';

export const passwordHandlers = (context: Context): Pick<Handlers, Names> => ({
  changePassword: command({
    prepare: async ({ customerId, currentPassword, newPassword }, { caller, errors }) => {
      const seen = await visibleCustomer(context.database, caller, customerId, errors);
      await requireLiveSession(context, context.database, caller);
      // Staff reset passwords; only who knows the old one changes it.
      if (caller.kind !== 'customer' || seen.passwordHash === null)
        throw errors.WRONG_PASSWORD(
          'Only customers who have a password can change it. Use the password reset instead.',
        );
      await confirmPassword(context, caller, seen, currentPassword, errors);
      const weakness = passwordWeakness(newPassword, personal(seen));
      if (weakness) throw errors.WEAK_PASSWORD(weakness);
      const passwordHash = await (await context.passwords).hash(newPassword);
      return { passwordHash, before: seen.passwordHash, keep: caller.sessionId };
    },
    commit: async (tx, { customerId }, { caller, errors }, { passwordHash, before, keep }) => {
      const row = await lockForChange(context, tx, caller, customerId, errors);
      if (row.passwordHash !== before)
        throw errors.WRONG_PASSWORD('The password was changed a moment ago. Try again with the new one.');
      return setPassword(context, tx, row, { passwordHash, by: 'change', keep });
    },
  }),

  requestPasswordReset: command({
    prepare: async ({ email, previousRefreshToken }, { caller, errors }) => {
      const account = await findByEmail(context.database, email);
      const device = await knownDevice(context, account, previousRefreshToken);
      await countCode(context, { email, caller, device }, errors);
    },
    commit: async (tx, { email }) => {
      const account = await findByEmail(tx, email);
      if (account) await expireCodes(tx, account.id, ['reset_password'], context.now());
      return issueCode(context, tx, {
        purpose: 'reset_password',
        customerId: account?.id ?? null,
        recipient: account ? email : null,
        locale: account?.locale ?? 'en',
      });
    },
    after: context.sendCodes,
  }),

  confirmPasswordReset: command({
    prepare: async ({ codeId, code: typed, newPassword }, { caller, errors }) => {
      const weakness = passwordWeakness(newPassword, []);
      if (weakness) throw errors.WEAK_PASSWORD(weakness);
      await countTypedCode(context, caller, errors);
      const code = await rightCode(context, 'reset_password', { id: codeId }, typed);
      if (!code?.customerId || !code.recipient) throw errors.WRONG_CODE(WRONG_CODE);
      const passwordHash = await (await context.passwords).hash(newPassword);
      return { code, customerId: code.customerId, recipient: code.recipient, passwordHash };
    },
    commit: async (tx, { newPassword }, { errors }, { code, customerId, recipient, passwordHash }) => {
      const row = await lockCustomer(tx, customerId);
      const usable = row && (row.state === 'active' || row.state === 'disabled') && row.email === recipient;
      if (!usable || !(await consumeCode(context, tx, code))) throw errors.WRONG_CODE(WRONG_CODE);
      const weakness = passwordWeakness(newPassword, personal(row));
      if (weakness) throw errors.WEAK_PASSWORD(weakness);
      // Who read the mail has shown that the address is theirs.
      if (!row.emailVerified) tx.append('customer.verified', customerId, { customerId, contact: 'email' });
      return setPassword(context, tx, { ...row, emailVerified: true }, { passwordHash, by: 'reset' }).catch(
        orTaken({ email: () => errors.EMAIL_TAKEN(emailTakenBy(recipient)) }),
      );
    },
  }),
});

const personal = ({ email, phone, name }: CustomerRow) => [email, phone, name];

/** Gives a customer a new password and ends the sessions that knew the old one. */
const setPassword = async (
  context: Context,
  tx: Tx,
  row: CustomerRow,
  change: { passwordHash: string; by: 'change' | 'reset'; keep?: string },
): Promise<{ changedAt: string }> => {
  const now = context.now();
  await saveCustomer(tx, { ...row, passwordHash: change.passwordHash }, now);
  await expireCodes(tx, row.id, ['reset_password'], now);
  await forgetTries(tx, [...signInKeys(context, row), context.secrets.throttleKey('password', row.id)]);
  tx.append('customer.password_changed', row.id, { customerId: row.id, by: change.by });
  await endWithEvents(tx, { customerId: row.id, except: change.keep }, 'password_changed', now);
  return { changedAt: now.toISOString() };
};
