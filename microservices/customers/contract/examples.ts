/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const customerId = exampleId('cus');
const facts = { customerId, country: 'DE', locale: 'de', group: null };
const session = { customerId, sessionId: exampleId('ses') };
const at = '2026-11-23T10:00:00.000Z';

export const customerExamples = {
  'customer.registered': { ...facts, wasGuest: false },
  'customer.guest_created': facts,
  'customer.verified': { customerId, contact: 'email' as const },
  'customer.updated': { ...facts, changed: ['phone', 'addresses'] },
  'customer.tagged': { customerId, added: 1, removed: 0 },
  'customer.disabled': { customerId },
  'customer.enabled': { customerId },
  'customer.merged': { customerId, mergedCustomerId: exampleId('cus', 2) },
  'customer.password_changed': { customerId, by: 'reset' as const },
  'customer.erase_requested': {
    customerId,
    alsoKnownAs: [],
    requestedAt: at,
    services: ['customers', 'orders', 'notifications', 'wallet'],
  },
  'customer.erasure_postponed': { customerId, service: 'orders' },
  'customer.erased': { customerId, completedAt: at },
  'consent.changed': {
    customerId,
    purpose: 'marketing' as const,
    channel: 'email' as const,
    granted: true,
    decidedAt: at,
  },
  'session.started': { ...session, by: 'password' as const },
  'session.ended': { ...session, reason: 'signed_out' as const },
  'customer_group.saved': { code: 'wholesale' },
  'customer_group.deleted': { code: 'wholesale' },
  'api_key.created': { keyId: exampleId('key'), scopes: ['orders:read', 'orders:write'], expiresAt: null },
  'api_key.revoked': { keyId: exampleId('key') },
};
