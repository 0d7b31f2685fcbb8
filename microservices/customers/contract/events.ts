import { z } from 'zod';
import { country, event, timestamp } from '../../chassis/contract/index.ts';
import { channel, customerId, groupCode, keyId, locale, purpose, sessionId } from './values.ts';

/**
 * Facts about a person that events may carry: events are kept for ever, so no name, no address, nothing that leads to
 * them.
 */
const facts = { country: country.nullable(), locale, group: groupCode.nullable() };

export const customerEvents = {
  'customer.registered': event({
    title: 'Customer registered',
    description: 'A person has opened an account, or staff have opened one for them.',
    aggregate: 'customer',
    payload: z.object({ customerId, wasGuest: z.boolean(), ...facts }),
  }),
  'customer.guest_created': event({
    title: 'Guest created',
    description: 'A guest was created: a customer without an account.',
    aggregate: 'customer',
    payload: z.object({ customerId, ...facts }),
  }),
  'customer.verified': event({
    title: 'Contact verified',
    description: 'The e-mail address or phone number is known to be the customer’s.',
    aggregate: 'customer',
    payload: z.object({ customerId, contact: z.enum(['email', 'phone']) }),
  }),
  'customer.updated': event({
    title: 'Customer changed',
    description: 'The profile, the group, the tags or the addresses have changed; which fields, not what they hold.',
    aggregate: 'customer',
    payload: z.object({ customerId, changed: z.array(z.string()), ...facts }),
  }),
  'customer.tagged': event({
    title: 'Customer tagged',
    description:
      'Tags were added to a customer or removed. Which ones, Get Customer says: a tag may say something about a person, and events cannot be erased.',
    aggregate: 'customer',
    payload: z.object({
      customerId,
      added: z.int().min(0).describe('How many tags the customer did not have before'),
      removed: z.int().min(0).describe('How many tags the customer no longer has'),
    }),
  }),
  'customer.disabled': event({
    title: 'Customer disabled',
    description: 'The customer can no longer sign in.',
    aggregate: 'customer',
    payload: z.object({ customerId }),
  }),
  'customer.enabled': event({
    title: 'Customer enabled',
    description: 'The customer can sign in again.',
    aggregate: 'customer',
    payload: z.object({ customerId }),
  }),
  'customer.merged': event({
    title: 'Customers merged',
    description: 'One customer was merged into another: what belonged to the first now belongs to the second.',
    aggregate: 'customer',
    payload: z.object({
      customerId: customerId.describe('The customer that remains'),
      mergedCustomerId: customerId.describe('The customer that was merged into it'),
    }),
  }),
  'customer.password_changed': event({
    title: 'Password changed',
    description: 'The customer has a new password; other sessions have ended.',
    aggregate: 'customer',
    payload: z.object({ customerId, by: z.enum(['change', 'reset']) }),
  }),
  'customer.erase_requested': event({
    title: 'Erasure requested',
    description:
      'The person’s data is to be deleted everywhere. Every service named deletes or pseudonymizes what it holds and acknowledges it.',
    technical: true,
    aggregate: 'customer',
    payload: z.object({
      customerId,
      alsoKnownAs: z.array(customerId).describe('Ids of customers that were merged into this one'),
      requestedAt: timestamp,
      services: z.array(z.string()),
    }),
  }),
  'customer.erasure_postponed': event({
    title: 'Erasure postponed',
    description:
      'A service cannot delete the person’s data yet, or for another reason than before. The erasure request says why; the erasure goes on by itself afterwards.',
    aggregate: 'customer',
    payload: z.object({ customerId, service: z.string() }),
  }),
  'customer.erased': event({
    title: 'Customer erased',
    description: 'Every service has acknowledged: nothing about the person is left but what tax law wants kept.',
    aggregate: 'customer',
    payload: z.object({
      customerId,
      alsoKnownAs: z.array(customerId).optional().describe('Other ids that the person had'),
      completedAt: timestamp,
    }),
  }),
  'consent.changed': event({
    title: 'Consent changed',
    description: 'The person has agreed, or no longer agrees, to be addressed for this purpose on this channel.',
    aggregate: 'customer',
    payload: z.object({ customerId, purpose, channel, granted: z.boolean(), decidedAt: timestamp }),
  }),
  'session.started': event({
    title: 'Session started',
    description: 'A customer has signed in.',
    technical: true,
    aggregate: 'customer',
    payload: z.object({ customerId, sessionId, by: z.enum(['registration', 'guest', 'password']) }),
  }),
  'session.ended': event({
    title: 'Session ended',
    description: 'A session has ended before its time; token_reused means that a refresh token was copied.',
    technical: true,
    aggregate: 'customer',
    payload: z.object({
      customerId,
      sessionId,
      reason: z.enum(['signed_out', 'ended', 'token_reused', 'password_changed', 'disabled', 'merged', 'erased']),
    }),
  }),
  'customer_group.saved': event({
    title: 'Customer group saved',
    description: 'A customer group was created or its texts have changed.',
    technical: true,
    aggregate: 'customer_group',
    payload: z.object({ code: groupCode }),
  }),
  'customer_group.deleted': event({
    title: 'Customer group deleted',
    description: 'A customer group was deleted; it had no customers.',
    technical: true,
    aggregate: 'customer_group',
    payload: z.object({ code: groupCode }),
  }),
  'api_key.created': event({
    title: 'API key created',
    description: 'Staff or an integration got a new key.',
    technical: true,
    aggregate: 'api_key',
    payload: z.object({ keyId, scopes: z.array(z.string()), expiresAt: timestamp.nullable() }),
  }),
  'api_key.revoked': event({
    title: 'API key revoked',
    description: 'A key has stopped working for good.',
    technical: true,
    aggregate: 'api_key',
    payload: z.object({ keyId }),
  }),
};
