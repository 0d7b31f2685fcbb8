import { z } from 'zod';
import { email, expectedVersion, line, opaque, operation, VERSION_CONFLICT } from '../../chassis/contract/index.ts';
import {
  customer,
  customerId,
  customerNotFound,
  groupCode,
  groupNotFound,
  illegalState,
  newPassword,
  phone,
  phoneTaken,
  tag,
  tooManyAttempts,
  weakPassword,
} from './values.ts';

/** A customer has this many tags at most. */
export const MOST_TAGS = 50;
const someTags = z.array(tag).min(1).max(MOST_TAGS);

/** Changes of customers beyond their profile: groups, tags, contact data, becoming an account, merging. */
export const accountChangeOperations = {
  setGroup: operation({
    method: 'PUT',
    path: '/customers/{customerId}/group',
    title: 'Set customer group',
    description: 'Puts the customer into a group, or with null into none.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId, expectedVersion, group: groupCode.nullable() }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      GROUP_NOT_FOUND: groupNotFound,
      ILLEGAL_STATE: illegalState,
      VERSION_CONFLICT,
    },
  }),
  setTags: operation({
    method: 'PUT',
    path: '/customers/{customerId}/tags',
    title: 'Set tags',
    description: 'Replaces all tags of a customer. To change some of them, add or remove tags.',
    access: { scope: 'customers:write' },
    input: z.object({
      customerId,
      expectedVersion,
      tags: z.array(tag).max(MOST_TAGS).describe('All tags that it then has; others are removed'),
    }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState, VERSION_CONFLICT },
  }),
  addTags: operation({
    method: 'POST',
    path: '/customers/{customerId}/tags',
    title: 'Add tags',
    description: 'Adds tags to a customer; the others stay. A tag that the customer has already changes nothing.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId, tags: someTags.describe('Tags to add, for example vip') }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      ILLEGAL_STATE: illegalState,
      TOO_MANY_TAGS: { status: 422, title: 'Too many tags', data: z.object({ limit: z.int() }) },
    },
  }),
  removeTags: operation({
    method: 'POST',
    path: '/customers/{customerId}/tags/remove',
    title: 'Remove tags',
    description:
      'Removes tags from a customer; the others stay. A tag that the customer does not have changes nothing.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId, tags: someTags.describe('Tags to remove') }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState },
  }),
  confirmPhone: operation({
    method: 'POST',
    path: '/customers/{customerId}/phone/confirm',
    title: 'Confirm phone number',
    description:
      'For staff who have spoken with the person: from now on the number can be used to sign in. It must still be the customer’s number.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId, phone }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      PHONE_CHANGED: { status: 409, title: 'Phone number does not match' },
      PHONE_TAKEN: phoneTaken,
      ILLEGAL_STATE: illegalState,
    },
  }),
  disableCustomer: operation({
    method: 'POST',
    path: '/customers/{customerId}/disable',
    title: 'Disable customer',
    description: 'Ends every session and refuses new ones until the customer is enabled again.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState },
  }),
  enableCustomer: operation({
    method: 'POST',
    path: '/customers/{customerId}/enable',
    title: 'Enable customer',
    description: 'Lets a disabled customer sign in again.',
    access: { scope: 'customers:write' },
    input: z.object({ customerId }),
    output: customer,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState },
  }),
  upgradeGuest: operation({
    method: 'POST',
    path: '/customers/{customerId}/registration',
    title: 'Convert guest to account',
    description:
      'The guest keeps its id, carts and orders, and gets a password. A code goes to the e-mail address. The response is the same when the address already has an account.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({
      customerId,
      email,
      password: newPassword,
      name: line(200).optional().describe('Name of the person'),
    }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      ALREADY_REGISTERED: { status: 409, title: 'Customer already has an account' },
      PHONE_TAKEN: phoneTaken,
      WEAK_PASSWORD: weakPassword,
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      ILLEGAL_STATE: illegalState,
    },
    secretAnswer: true,
  }),
  mergeCustomers: operation({
    method: 'POST',
    path: '/customers/{customerId}/merge',
    title: 'Merge customers',
    description:
      'Moves addresses, tags and consents of another customer (a guest, a duplicate) into this one and ends the other. Consents that this one decided stay. A customer proves that the other is theirs by its refresh token; staff need none.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({
      customerId,
      fromCustomerId: customerId.describe('The customer that is merged into this one'),
      fromRefreshToken: opaque(200)
        .min(1)
        .optional()
        .describe('Refresh token of that customer; needed unless staff merge'),
    }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      SAME_CUSTOMER: { status: 422, title: 'Cannot merge a customer into itself' },
      NOT_THE_OWNER: { status: 403, title: 'Proof of ownership required' },
      ILLEGAL_STATE: illegalState,
    },
  }),
};
