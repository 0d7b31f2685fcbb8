import { createHash } from 'node:crypto';

/**
 * Whom the use of a promotion counts for: the customer, and a hash of each e-mail address that is known, so that limits
 * per customer hold for a guest who opens an account and for a customer who orders as a guest. No address stands in
 * another table.
 */
export const redeemersOf = (customerId: string | null, ...emails: (string | null | undefined)[]): string[] => [
  ...new Set([
    ...(customerId === null ? [] : [customerId]),
    ...emails.flatMap((email) => (email ? [hashOf(email)] : [])),
  ]),
];

const hashOf = (email: string): string =>
  `email:${createHash('sha256').update(email.trim().normalize('NFC').toLowerCase()).digest('base64url')}`;
