import { z } from 'zod';
import { choices, email, line, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import {
  consent,
  customer,
  customerId,
  customerNotFound,
  erasure,
  savedAddress,
  tooManyAttempts,
  typedPassword,
  wrongPassword,
} from './values.ts';

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
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'the name of a service is lower case, for example orders')
  .describe('Name of the service, for example orders');

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
    audited: true,
    output: personalData,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  eraseCustomer: operation({
    method: 'POST',
    path: '/customers/{customerId}/erasure',
    title: 'Erase customer',
    description:
      'Deletes the person’s data for good, ends every session, and asks every other service to do the same (customer.erase_requested). With a verified e-mail address, what was done as a guest with it goes too. Only the id stays, so that orders and ledgers keep their amounts, and what tax law wants kept. Customers with a password give it. Asking again returns the request as it is.',
    access: { scope: 'customers:erase', customer: true },
    input: z.object({ customerId, password: typedPassword.optional() }),
    output: erasure,
    errors: { CUSTOMER_NOT_FOUND: customerNotFound, WRONG_PASSWORD: wrongPassword, TOO_MANY_ATTEMPTS: tooManyAttempts },
    successStatus: 202,
    secretAnswer: true,
  }),
  eraseByEmail: operation({
    method: 'POST',
    path: '/customers/erasures',
    title: 'Erase by e-mail address',
    description:
      'Erases the person with this e-mail address everywhere, also one who never had an account: customers, guests, orders, carts and messages with the address. Staff make sure first that the address is the asking person’s. Asking again while it is under way returns the request as it is.',
    access: { scope: 'customers:erase' },
    input: z.object({ email }),
    output: erasure,
    successStatus: 202,
    secretAnswer: true,
  }),
  exportByEmail: operation({
    method: 'GET',
    path: '/customers/export',
    title: 'Export personal data by e-mail address',
    description:
      'Everything that this service keeps about the person with this e-mail address, under each customer and guest that has it. Orders and messages are exported by their own services.',
    access: { scope: 'customers:erase' },
    input: z.object({ email }),
    audited: true,
    output: z.object({ customers: z.array(personalData).describe('The oldest 50') }),
  }),
  getErasureAddresses: operation({
    method: 'GET',
    path: '/customers/{customerId}/erasure/addresses',
    title: 'Get addresses to erase',
    description:
      'The e-mail addresses that are known to be the person’s, for services that erase what was done as a guest. Kept until the erasure is complete.',
    access: { scope: 'customers:erase' },
    input: z.object({ customerId }),
    output: z.object({ emails: z.array(z.string()) }),
    errors: { ERASURE_NOT_FOUND: erasureNotFound },
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
      state: choices({
        requested: 'Services still have to erase',
        completed: 'Every service has erased',
      })
        .optional()
        .describe('How far the erasure has come'),
      waitingFor: line(60).optional().describe('Only requests that this service has not acknowledged'),
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
