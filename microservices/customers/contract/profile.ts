import { z } from 'zod';
import {
  addressParts,
  expectedVersion,
  line,
  needsWholeAddress,
  newAddressParts,
  operation,
  page,
  pageQuery,
  text,
  timestamp,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import {
  addressId,
  channel,
  consent,
  customerId,
  customerNotFound,
  group,
  groupCode,
  illegalState,
  purpose,
  savedAddress,
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
      expectedVersion,
      label: line(60).nullable().optional(),
      ...z.object(addressParts).omit({ line2: true, region: true, phone: true }).partial().shape,
      line2: line(200).nullable().optional(),
      region: line(100).nullable().optional(),
      phone: line(40).nullable().optional(),
      ...defaults,
    }),
    output: savedAddress,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      ADDRESS_NOT_FOUND: addressNotFound,
      ILLEGAL_STATE: illegalState,
      VERSION_CONFLICT,
    },
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
      policyVersion: line(60).optional().describe('Version of the text shown'),
      source: line(100).optional().describe('Where the decision was made, for example checkout'),
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
    input: z.object({ search: line(100).optional().describe('Part of code or title'), ...pageQuery }),
    output: page(z.object({ ...group.shape, customers: z.int() })),
  }),
  saveGroup: operation({
    method: 'PUT',
    path: '/customers/groups/{code}',
    title: 'Save customer group',
    description: 'Creates the group or changes its texts.',
    access: { scope: 'customers:write' },
    input: z.object({
      code: groupCode,
      expectedVersion,
      title: line(100).describe('Name that staff read'),
      description: text(500).optional().describe('Who belongs to it, for staff'),
    }),
    output: group,
    errors: { VERSION_CONFLICT },
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
