import { z } from 'zod';
import {
  addressParts,
  line,
  needsWholeAddress,
  newAddressParts,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
} from '../../chassis/contract/index.ts';
import {
  addressId,
  channel,
  consent,
  customerId,
  customerNotFound,
  erasure,
  group,
  groupCode,
  illegalState,
  customer,
  purpose,
  savedAddress,
  tooManyAttempts,
  typedPassword,
  wrongPassword,
} from './values.ts';

const addressNotFound = { status: 404, title: 'Address not found' } as const;
const defaults = {
  defaultShipping: z.boolean().optional().describe('Whether deliveries go there unless another is chosen'),
  defaultBilling: z.boolean().optional().describe('Whether invoices go there unless another is chosen'),
};

export const addressOperations = {
  listAddresses: operation({
    method: 'GET',
    path: '/customers/{customerId}/addresses',
    title: 'List addresses',
    description: 'The saved addresses of a customer, oldest first.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId, ...pageQuery }),
    output: page(savedAddress),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  addAddress: operation({
    method: 'POST',
    path: '/customers/{customerId}/addresses',
    title: 'Add address',
    description:
      'Saves an address. The first one becomes the default for shipping and billing. A customer has 50 at most.',
    access: { scope: 'customers:write', customer: true },
    input: z
      .object({
        customerId,
        label: line(60).optional().describe('For example home'),
        ...newAddressParts,
        ...defaults,
      })
      .superRefine(needsWholeAddress),
    output: savedAddress,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      TOO_MANY_ADDRESSES: { status: 409, title: 'Address book full', data: z.object({ limit: z.int() }) },
      ILLEGAL_STATE: illegalState,
    },
    successStatus: 201,
  }),
  updateAddress: operation({
    method: 'PATCH',
    path: '/customers/{customerId}/addresses/{addressId}',
    title: 'Update address',
    description: 'Changes what is given and leaves the rest; null empties an optional field.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({
      customerId,
      addressId,
      label: line(60).nullable().optional(),
      ...z.object(addressParts).omit({ line2: true, region: true, phone: true }).partial().shape,
      line2: line(200).nullable().optional(),
      region: line(100).nullable().optional(),
      phone: line(40).nullable().optional(),
      ...defaults,
    }),
    output: savedAddress,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ADDRESS_NOT_FOUND: addressNotFound, ILLEGAL_STATE: illegalState },
  }),
  removeAddress: operation({
    method: 'DELETE',
    path: '/customers/{customerId}/addresses/{addressId}',
    title: 'Remove address',
    description: 'Deletes a saved address. Orders keep the address they were placed with.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ customerId, addressId }),
    output: z.object({ removed: z.literal(true) }),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ADDRESS_NOT_FOUND: addressNotFound, ILLEGAL_STATE: illegalState },
  }),
};

export const consentOperations = {
  listConsents: operation({
    method: 'GET',
    path: '/customers/{customerId}/consents',
    title: 'List consents',
    description:
      'The person’s last decision for each purpose and channel. Where there was no decision nothing is listed, which counts as not granted.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId }),
    output: z.object({ items: z.array(consent) }),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  setConsent: operation({
    method: 'PUT',
    path: '/customers/{customerId}/consents/{purpose}/{channel}',
    title: 'Set consent',
    description:
      'Records that the person agrees or no longer agrees. Every decision is kept in the history with its source and who recorded it.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({
      customerId,
      purpose,
      channel,
      granted: z.boolean().describe('Whether the person agrees'),
      policyVersion: text(60).optional().describe('Version of the text shown'),
      source: text(100).optional().describe('Where the decision was made, for example checkout'),
    }),
    output: consent,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, ILLEGAL_STATE: illegalState },
  }),
  checkConsent: operation({
    method: 'GET',
    path: '/customers/{customerId}/consents/{purpose}/{channel}',
    title: 'Check consent',
    description:
      'Tells if a message of this purpose may be sent on this channel now. False also for customers that are disabled, merged or erased.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId, purpose, channel }),
    output: z.object({
      granted: z.boolean(),
      reason: z
        .enum(['granted', 'never_decided', 'withdrawn', 'customer_not_active', 'email_not_verified'])
        .describe('Why; email_not_verified only where double opt-in is switched on'),
      decidedAt: timestamp.nullable(),
    }),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  listConsentHistory: operation({
    method: 'GET',
    path: '/customers/{customerId}/consent-history',
    title: 'List consent history',
    description: 'Every decision ever recorded, newest first.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId, purpose: purpose.optional(), channel: channel.optional(), ...pageQuery }),
    output: page(z.object({ ...consent.shape, recordedBy: z.string() })),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
};

export const groupOperations = {
  listGroups: operation({
    method: 'GET',
    path: '/customers/groups',
    title: 'List customer groups',
    description: 'Groups by code, with how many customers each has.',
    access: { scope: 'customers:read' },
    input: z.object({ search: text(100).optional().describe('Part of code or title'), ...pageQuery }),
    output: page(z.object({ ...group.shape, customers: z.int() })),
  }),
  saveGroup: operation({
    method: 'PUT',
    path: '/customers/groups/{code}',
    title: 'Save customer group',
    description: 'Creates the group or changes its texts.',
    access: { scope: 'customers:write' },
    input: z.object({ code: groupCode, title: text(100), description: text(500).optional() }),
    output: group,
  }),
  deleteGroup: operation({
    method: 'DELETE',
    path: '/customers/groups/{code}',
    title: 'Delete customer group',
    description: 'Deletes a group that has no customers.',
    access: { scope: 'customers:write' },
    input: z.object({ code: groupCode }),
    output: z.object({ removed: z.literal(true) }),
    errors: {
      GROUP_NOT_FOUND: { status: 404, title: 'Customer group not found' },
      GROUP_IN_USE: { status: 409, title: 'Customer group in use', data: z.object({ customers: z.int() }) },
    },
  }),
};

const personalData = z
  .object({
    exportedAt: timestamp,
    customer,
    addresses: z.array(savedAddress),
    consents: z.array(z.object({ ...consent.shape, recordedBy: z.string() })).describe('The whole history'),
    sessions: z.array(
      z.object({
        startedAt: timestamp,
        lastUsedAt: timestamp,
        device: z.string().nullable(),
        ended: z.string().nullable(),
      }),
    ),
    mergedCustomers: z.array(customerId),
  })
  .meta({ id: 'PersonalData', title: 'Personal data' });

const erasureNotFound = { status: 404, title: 'Erasure request not found' } as const;
const serviceName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'the name of a service is lower case, for example orders');

/** GDPR: the right of access and the right to erasure. */
export const privacyOperations = {
  exportCustomer: operation({
    method: 'GET',
    path: '/customers/{customerId}/export',
    title: 'Export personal data',
    description:
      'Everything that this service keeps about the person (GDPR, articles 15 and 20). Passwords and tokens are not data about the person and are left out.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId }),
    output: personalData,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  eraseCustomer: operation({
    method: 'POST',
    path: '/customers/{customerId}/erasure',
    title: 'Erase customer',
    description:
      'Deletes the person’s data for good, ends every session, and asks every other service to do the same (customer.erase_requested). Only the id stays, so that orders and ledgers keep their amounts. Customers with a password give it. Asking again returns the request as it is.',
    access: { scope: 'customers:erase', customer: true },
    input: z.object({ customerId, password: typedPassword.optional() }),
    output: erasure,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, WRONG_PASSWORD: wrongPassword, TOO_MANY_ATTEMPTS: tooManyAttempts },
    successStatus: 202,
    secretAnswer: true,
  }),
  getErasure: operation({
    method: 'GET',
    path: '/customers/{customerId}/erasure',
    title: 'Get erasure request',
    description: 'The state of an erasure: which services have acknowledged it, and why others wait.',
    access: { scope: 'customers:read' },
    input: z.object({ customerId }),
    output: erasure,
    errors: { ERASURE_NOT_FOUND: erasureNotFound },
  }),
  listErasures: operation({
    method: 'GET',
    path: '/customers/erasures',
    title: 'List erasure requests',
    description: 'Erasure requests, oldest first.',
    access: { scope: 'customers:read' },
    input: z.object({
      state: z.enum(['requested', 'completed']).optional(),
      waitingFor: text(60).optional().describe('Only requests that this service has not acknowledged'),
      ...pageQuery,
    }),
    output: page(erasure),
  }),
  acknowledgeErasure: operation({
    method: 'POST',
    path: '/customers/{customerId}/erasure/acknowledgements',
    title: 'Acknowledge erasure',
    description:
      'A service confirms that it keeps no more data about the person. When the last one has, customer.erased is published. Repeating it changes nothing.',
    access: { scope: 'customers:erase' },
    input: z.object({
      customerId,
      service: serviceName,
    }),
    output: erasure,
    errors: { ERASURE_NOT_FOUND: erasureNotFound },
  }),
  postponeErasure: operation({
    method: 'POST',
    path: '/customers/{customerId}/erasure/postponements',
    title: 'Postpone erasure',
    description:
      'A service says why it cannot delete the person’s data yet, for example because an order is not shipped. The request shows the reason until the service acknowledges. Changes nothing once it has.',
    access: { scope: 'customers:erase' },
    input: z.object({
      customerId,
      service: serviceName,
      reason: line(500).describe('What has to happen first, for staff to read; without names or addresses'),
    }),
    output: erasure,
    errors: { ERASURE_NOT_FOUND: erasureNotFound },
  }),
};
