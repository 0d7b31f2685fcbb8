import type { Caller } from '../../chassis/auth/caller.ts';
import type { Context, Failures } from '../context.ts';
import { PASSWORD_RULE } from '../policy/throttle.ts';
import type { CustomerRow } from '../store/customers.ts';
import { forgetTries } from '../store/throttle.ts';
import { countTry } from './throttle.ts';

/** Customers who have a password show that they know it before something weighty happens; staff do not. */
export const confirmPassword = async (
  context: Context,
  caller: Caller,
  row: CustomerRow,
  password: string | undefined,
  errors: Pick<Failures<'changeEmail'>, 'WRONG_PASSWORD' | 'TOO_MANY_ATTEMPTS'>,
): Promise<void> => {
  if (caller.kind === 'key' || row.passwordHash === null) return;
  if (password === undefined) throw errors.WRONG_PASSWORD('Give the password too: this cannot be done without it.');
  const key = context.secrets.throttleKey('password', row.id);
  await countTry(context, [{ rule: PASSWORD_RULE, key }], errors);
  if (!(await (await context.passwords).matches(row.passwordHash, password))) {
    throw errors.WRONG_PASSWORD('This is not the customer’s password. Try again, or reset it.');
  }
  await context.database.transaction((tx) => forgetTries(tx, [key]));
};
