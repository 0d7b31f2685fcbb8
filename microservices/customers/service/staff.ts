import type { InputOf } from '../../chassis/contract/index.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { customersContract } from '../contract.ts';
import type { Customer } from '../contract/values.ts';
import {
  findByEmail,
  findByPhone,
  findKnownByEmail,
  replaceTags,
  toCustomer,
  type CustomerRow,
  type NewCustomer,
} from '../store/customers.ts';
import { keepGroup } from '../store/groups.ts';
import { listCustomers, positionIn } from '../store/search.ts';
import { noGroup } from './groups.ts';
import { issueCode } from './issue-code.ts';
import { created, newRow } from './new-customer.ts';
import { registered } from './sign-up.ts';
import { emailTakenBy, orTaken, phoneTakenBy } from './taken.ts';
import { takeTurns } from './throttle.ts';

const DAY_IN_MINUTES = 24 * 60;

type Input =
  InputOf<typeof customersContract, 'findOrCreateCustomer'> | InputOf<typeof customersContract, 'createCustomer'>;
type Names = 'createCustomer' | 'findOrCreateCustomer' | 'listCustomers';

export const staffHandlers = (context: Context): Pick<Handlers, Names> => ({
  createCustomer: command({
    commit: async (tx, input, { errors }) => {
      if (input.email && !input.allowDuplicateEmail) {
        const known = await knownWith(context, tx, input.email);
        if (known) throw errors.EMAIL_TAKEN(sharedWith(known, input.email));
      }
      return create(context, tx, input, errors);
    },
    after: context.sendCodes,
  }),

  findOrCreateCustomer: command({
    commit: async (tx, input, { errors }) => {
      const known = await knownWith(context, tx, input.email);
      if (known) return { customer: toCustomer(known), created: false };
      return { customer: await create(context, tx, input, errors), created: true };
    },
    after: context.sendCodes,
  }),

  listCustomers: async (input) =>
    toPage(await listCustomers(context.database, input), input.limit, positionIn(input.sort), toCustomer),
});

const knownWith = async (context: Context, tx: Tx, email: string): Promise<CustomerRow | undefined> => {
  await takeTurns(context, tx, email);
  return findKnownByEmail(tx, email);
};

const sharedWith = ({ id, emailVerified }: CustomerRow, email: string): string =>
  emailVerified
    ? emailTakenBy(email)
    : `The customer ${id} has the e-mail address ${email}. Use that customer, or allow the duplicate.`;

const create = async (
  context: Context,
  tx: Tx,
  input: Input,
  errors: Failures<'createCustomer'>,
): Promise<Customer> => {
  const { group = null } = input;
  if (group !== null && !(await keepGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
  const taken = takenIn(input, errors);
  await requireFree(tx, input, taken);
  const customer = await created(tx, rowOf(context, input)).catch(orTaken(taken));
  await replaceTags(tx, customer.id, input.tags);
  registered(tx, customer, false);
  if (input.invite && input.email) await invite(context, tx, customer.id, input.email, input.locale);
  return toCustomer({ ...customer, tags: [...new Set(input.tags)].toSorted() });
};

const takenIn = ({ email = '', phone = '' }: Input, errors: Failures<'createCustomer'>) => ({
  email: () => errors.EMAIL_TAKEN(emailTakenBy(email)),
  phone: () => errors.PHONE_TAKEN(phoneTakenBy(phone)),
});

const requireFree = async (tx: Tx, input: Input, taken: ReturnType<typeof takenIn>): Promise<void> => {
  if (input.email && (await findByEmail(tx, input.email))) throw taken.email();
  // A number may be shared until somebody signs in with it.
  if (input.phone && input.phoneVerified && (await findByPhone(tx, input.phone))) throw taken.phone();
};

const rowOf = (context: Context, input: Input): NewCustomer => ({
  ...newRow(context, 'registered', input),
  emailVerified: input.email !== undefined && input.emailVerified,
  phoneVerified: input.phone !== undefined && input.phoneVerified,
  preferredChannel: input.preferredChannel,
  group: input.group ?? null,
  metadata: input.metadata,
});

/** Writes a code with which the person chooses a password. */
const invite = async (context: Context, tx: Tx, customerId: string, email: string, locale: string): Promise<void> => {
  const minutes = context.settings.invitationDays * DAY_IN_MINUTES;
  await issueCode(context, tx, { purpose: 'reset_password', customerId, recipient: email, locale, minutes });
};
