import { z } from 'zod';
import {
  choices,
  country,
  currency,
  email,
  expectedVersion,
  line,
  metadata,
  operation,
  page,
  pageQuery,
  timestamp,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import {
  channel,
  customer,
  customerId,
  customerNotFound,
  emailTaken,
  groupCode,
  groupNotFound,
  illegalState,
  kind,
  locale,
  newPassword,
  phone,
  phoneTaken,
  session,
  state,
  tag,
  tooManyAttempts,
  weakPassword,
} from './values.ts';
import { MOST_TAGS } from './account-changes.ts';

const profile = {
  name: line(200).optional().describe('Name of the person'),
  locale: locale.default('en'),
  currency: currency.optional().describe('Preferred currency'),
  country: country.optional(),
};

/** A customer that staff or an import create, beside the e-mail address. */
const newCustomer = {
  emailVerified: z.boolean().default(false).describe('Whether the address is known to be this person’s'),
  phone: phone.optional(),
  phoneVerified: z.boolean().default(false).describe('Whether the number is known to be this person’s'),
  ...profile,
  preferredChannel: channel.default('email'),
  group: groupCode.optional(),
  tags: z.array(tag).max(MOST_TAGS).default([]).describe('Words that staff mark customers with, for example vip'),
  metadata: metadata.default({}),
  invite: z.boolean().default(false).describe('Whether to send a code with which the person chooses a password'),
};
const signedUp = z.object({ customer, session });

/** Signing up, looking up and changing customers. */
export const accountOperations = {
  registerCustomer: operation({
    method: 'POST',
    path: '/customers/registrations',
    title: 'Register customer',
    description:
      'Opens an account and starts a session. A code goes to the e-mail address; once it is confirmed ("Confirm verification"), the person can sign in with address and password. The response is the same when the address already has an account: its owner then gets a message about it instead of a code.',
    access: { scope: 'customers:write', public: true },
    input: z.object({ email, phone: phone.optional(), password: newPassword, ...profile }),
    output: signedUp,
    errors: { WEAK_PASSWORD: weakPassword, TOO_MANY_ATTEMPTS: tooManyAttempts },
    successStatus: 201,
    secretAnswer: true,
  }),
  createGuest: operation({
    method: 'POST',
    path: '/customers/guests',
    title: 'Create guest',
    description:
      'A customer without an account, with a session of its own. A guest can become an account later, or be merged into one, and keeps its orders.',
    access: { scope: 'customers:write', public: true },
    input: z.object({ email: email.optional(), phone: phone.optional(), ...profile }),
    output: signedUp,
    successStatus: 201,
    secretAnswer: true,
  }),
  createCustomer: operation({
    method: 'POST',
    path: '/customers',
    title: 'Create customer',
    description:
      'For staff and imports: a registered customer, without a password. With `invite`, a code to choose one goes to the e-mail address. Contact data that was verified elsewhere can be marked so. An e-mail address that another customer has is refused unless a duplicate is allowed.',
    access: { scope: 'customers:write' },
    input: z
      .object({
        email: email.optional(),
        ...newCustomer,
        allowDuplicateEmail: z
          .boolean()
          .default(false)
          .describe('Whether to create the customer although another one has this e-mail address'),
      })
      .refine(
        (input) => input.email !== undefined || input.phone !== undefined,
        'a customer needs an e-mail address or a phone number',
      )
      .refine((input) => !input.invite || input.email !== undefined, 'an invitation needs an e-mail address'),
    output: customer,
    errors: { EMAIL_TAKEN: emailTaken, PHONE_TAKEN: phoneTaken, GROUP_NOT_FOUND: groupNotFound },
    successStatus: 201,
  }),
  findOrCreateCustomer: operation({
    method: 'POST',
    path: '/customers/find-or-create',
    title: 'Find or create customer',
    description:
      'For imports and journeys: the registered customer with this e-mail address, unchanged, or a new one with the values given. Repeated or at the same time it is one customer. Accounts that people opened themselves are found once their address is verified.',
    access: { scope: 'customers:write' },
    input: z.object({ email, ...newCustomer }),
    output: z.object({ customer, created: z.boolean().describe('False when the customer was there already') }),
    errors: { EMAIL_TAKEN: emailTaken, PHONE_TAKEN: phoneTaken, GROUP_NOT_FOUND: groupNotFound },
  }),
  getCustomer: operation({
    method: 'GET',
    path: '/customers/{customerId}',
    title: 'Get customer',
    description: 'One customer by id. Customers see themselves only.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  listCustomers: operation({
    method: 'GET',
    path: '/customers',
    title: 'List customers',
    description: 'Customers that match every filter given.',
    access: { scope: 'customers:read' },
    input: z.object({
      search: line(100).optional().describe('Words of the name, or part of the e-mail address or phone number'),
      email: email.optional().describe('Exactly this e-mail address'),
      phone: phone.optional().describe('Exactly this phone number'),
      group: groupCode.optional(),
      tag: tag.optional(),
      kind: kind.optional(),
      state: state.optional(),
      createdFrom: timestamp.optional(),
      createdUntil: timestamp.optional(),
      sort: choices({ newest: 'Created last first', oldest: 'Created first first', name: 'By name, A to Z' })
        .default('newest')
        .describe('Which customers come first'),
      ...pageQuery,
    }),
    output: page(customer),
  }),
  updateCustomer: operation({
    method: 'PATCH',
    path: '/customers/{customerId}',
    title: 'Update customer',
    description:
      'Changes what is given and leaves the rest; null empties a field. A new phone number starts unverified. The e-mail address changes through "Change e-mail address".',
    access: { scope: 'customers:write', customer: true },
    input: z.object({
      customerId,
      expectedVersion,
      name: line(200).nullable().optional().describe('Name of the person'),
      phone: phone.nullable().optional(),
      locale: locale.optional(),
      currency: currency.nullable().optional().describe('Preferred currency'),
      country: country.nullable().optional(),
      preferredChannel: channel.optional(),
      metadata: metadata.optional().describe('Replaces all metadata; for staff only'),
    }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState, VERSION_CONFLICT },
  }),
};
