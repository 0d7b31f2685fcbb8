import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { passwordWeakness } from '../policy/passwords.ts';
import { saveCustomer, toCustomer, type CustomerRow } from '../store/customers.ts';
import { lockForChange, visibleCustomer } from './guards.ts';
import { issueVerification } from './issue-code.ts';
import { created, factsOf, newRow } from './new-customer.ts';
import { startSession } from './start-session.ts';
import { orTaken, phoneTakenBy } from './taken.ts';
import { countCode } from './throttle.ts';

type Names = 'registerCustomer' | 'createGuest' | 'upgradeGuest';

export const signUpHandlers = (context: Context): Pick<Handlers, Names> => ({
  registerCustomer: command({
    prepare: async (input, { caller, errors }) => {
      const weakness = passwordWeakness(input.password, [input.email, input.phone, input.name]);
      if (weakness) throw errors.WEAK_PASSWORD(weakness);
      await countCode(context, { email: input.email, caller }, errors);
      return (await context.passwords).hash(input.password);
    },
    commit: async (tx, input, _request, passwordHash) => {
      const customer = await created(tx, { ...newRow(context, 'registered', input), passwordHash });
      registered(tx, customer, false);
      await issueVerification(context, tx, { customerId: customer.id, email: input.email, locale: input.locale });
      const session = await startSession(context, tx, { customerId: customer.id, by: 'registration' });
      return { customer: toCustomer(customer), session };
    },
    after: context.sendCodes,
  }),

  createGuest: command(async (tx, input) => {
    const customer = await created(tx, newRow(context, 'guest', input));
    tx.append('customer.guest_created', customer.id, { customerId: customer.id, ...factsOf(customer) });
    const session = await startSession(context, tx, { customerId: customer.id, by: 'guest' });
    return { customer: toCustomer(customer), session };
  }),

  upgradeGuest: command({
    prepare: async (input, { caller, errors }) => {
      await visibleCustomer(context.database, caller, input.customerId, errors);
      const weakness = passwordWeakness(input.password, [input.email, input.name]);
      if (weakness) throw errors.WEAK_PASSWORD(weakness);
      await countCode(context, { email: input.email, caller, customerId: input.customerId }, errors);
      return (await context.passwords).hash(input.password);
    },
    commit: async (tx, { customerId, email, name }, { caller, errors }, passwordHash) => {
      const row = await lockForChange(context, tx, caller, customerId, errors);
      if (row.kind !== 'guest')
        throw errors.ALREADY_REGISTERED(`The customer ${row.id} has an account already. Sign in to it.`);
      const upgraded = { ...row, kind: 'registered' as const, email, emailVerified: false, passwordHash };
      // A guest's number may have been confirmed; from now on it would sign in.
      const customer = await saveCustomer(tx, { ...upgraded, name: name ?? row.name }, context.now()).catch(
        orTaken({ phone: () => errors.PHONE_TAKEN(phoneTakenBy(row.phone ?? '')) }),
      );
      registered(tx, customer, true);
      await issueVerification(context, tx, { customerId, email, locale: row.locale });
      return toCustomer(customer);
    },
    after: context.sendCodes,
  }),
});

/** Announces a new account. */
export const registered = (tx: Tx, customer: CustomerRow, wasGuest: boolean): void =>
  tx.append('customer.registered', customer.id, { customerId: customer.id, wasGuest, ...factsOf(customer) });
