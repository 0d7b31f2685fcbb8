import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { saveCustomer, toCustomer, type CustomerRow } from '../store/customers.ts';
import { confirmPassword } from './confirm-password.ts';
import { lockForChange, visibleCustomer } from './guards.ts';
import { consumeCode, issueVerification, rightCode, WRONG_CODE } from './issue-code.ts';
import { emailTakenBy, orTaken } from './taken.ts';
import { countCode, countTypedCode } from './throttle.ts';

type Names = 'requestVerification' | 'confirmVerification' | 'changeEmail';

export const verificationHandlers = (context: Context): Pick<Handlers, Names> => ({
  requestVerification: command({
    prepare: async ({ customerId }, { caller, errors }) => {
      const seen = await visibleCustomer(context.database, caller, customerId, errors);
      await countCode(context, { email: unverifiedEmail(seen, errors), caller, customerId }, errors);
    },
    commit: async (tx, { customerId }, { caller, errors }) => {
      const row = await lockForChange(context, tx, caller, customerId, errors);
      return issueVerification(context, tx, { customerId, email: unverifiedEmail(row, errors), locale: row.locale });
    },
    after: context.sendCodes,
  }),

  confirmVerification: command({
    prepare: async ({ customerId, code: typed }, { caller, errors }) => {
      await visibleCustomer(context.database, caller, customerId, errors);
      await countTypedCode(context, caller, errors);
      const code = await rightCode(context, 'verify_email', { customerId }, typed);
      if (!code?.recipient) throw errors.WRONG_CODE(WRONG_CODE);
      return { code, email: code.recipient };
    },
    commit: async (tx, { customerId }, { caller, errors }, { code, email }) => {
      const row = await lockForChange(context, tx, caller, customerId, errors);
      if (!(await consumeCode(context, tx, code))) throw errors.WRONG_CODE(WRONG_CODE);
      const customer = await saveCustomer(tx, { ...row, email, emailVerified: true }, context.now()).catch(
        orTaken({ email: () => errors.EMAIL_TAKEN(emailTakenBy(email)) }),
      );
      tx.append('customer.verified', customerId, { customerId, contact: 'email' });
      return toCustomer(customer);
    },
  }),

  changeEmail: command({
    prepare: async ({ customerId, email, password }, { caller, errors }) => {
      const seen = await visibleCustomer(context.database, caller, customerId, errors);
      await confirmPassword(context, caller, seen, password, errors);
      await countCode(context, { email, caller, customerId }, errors);
    },
    commit: async (tx, { customerId, email }, { caller, errors }) => {
      const row = await lockForChange(context, tx, caller, customerId, errors);
      return issueVerification(context, tx, { customerId, email, locale: row.locale });
    },
    after: context.sendCodes,
  }),
});

const unverifiedEmail = (
  { id, email, emailVerified }: CustomerRow,
  errors: Failures<'requestVerification'>,
): string => {
  if (email === null || emailVerified)
    throw errors.NOTHING_TO_VERIFY(`The customer ${id} has no e-mail address that is not verified yet.`);
  return email;
};
