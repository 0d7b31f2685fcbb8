import { isUniqueViolation } from '../../chassis/database/index.ts';

/**
 * Turns the unique violation of an address or number that signs in somebody else into the failure that says so; to be
 * used with `catch`.
 */
export const orTaken =
  (taken: { email?: () => Error; phone?: () => Error }) =>
  (error: unknown): never => {
    if (taken.email && isUniqueViolation(error, 'customer_login_email')) throw taken.email();
    if (taken.phone && isUniqueViolation(error, 'customer_login_phone')) throw taken.phone();
    throw error;
  };

export const emailTakenBy = (email: string): string =>
  `The e-mail address ${email} signs in another customer. Use another address, or merge the two customers.`;
export const phoneTakenBy = (phone: string): string =>
  `The phone number ${phone} signs in another customer. Use another number, or merge the two customers.`;
