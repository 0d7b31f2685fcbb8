import type { InputOf } from '../../chassis/contract/index.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { customersContract } from '../contract.ts';
import {
  findByEmail,
  findByPhone,
  listCustomers,
  positionIn,
  replaceTags,
  toCustomer,
  type NewCustomer,
} from '../store/customers.ts';
import { keepGroup } from '../store/groups.ts';
import { noGroup } from './groups.ts';
import { issueCode } from './issue-code.ts';
import { created, newRow } from './new-customer.ts';
import { registered } from './sign-up.ts';
import { emailTakenBy, orTaken, phoneTakenBy } from './taken.ts';

const DAY_IN_MINUTES = 24 * 60;

type Input = InputOf<typeof customersContract, 'createCustomer'>;

export const staffHandlers = (context: Context): Pick<Handlers, 'createCustomer' | 'listCustomers'> => ({
  createCustomer: command({
    commit: async (tx, input, { errors }) => {
      const { group = null } = input;
      if (group !== null && !(await keepGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
      const taken = takenIn(input, errors);
      await requireFree(tx, input, taken);
      const customer = await created(tx, rowOf(context, input)).catch(orTaken(taken));
      await replaceTags(tx, customer.id, input.tags);
      registered(tx, customer, false);
      if (input.invite && input.email) await invite(context, tx, customer.id, input.email, input.locale);
      return toCustomer({ ...customer, tags: [...new Set(input.tags)].toSorted() });
    },
    after: context.sendCodes,
  }),

  listCustomers: async (input) =>
    toPage(await listCustomers(context.database, input), input.limit, positionIn(input.sort), toCustomer),
});

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
