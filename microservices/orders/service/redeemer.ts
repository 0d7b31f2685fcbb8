import { createHash } from 'node:crypto';

/**
 * Who uses a promotion: the customer, or for a guest a hash of the e-mail address, so that limits per customer hold without the address standing in
 * another table. Null when nothing is known yet.
 */
export const redeemerOf = (customerId: string | null, email: string | null): string | null => {
  if (customerId !== null) return customerId;
  return email === null ? null : `email:${createHash('sha256').update(email.toLowerCase()).digest('base64url')}`;
};
