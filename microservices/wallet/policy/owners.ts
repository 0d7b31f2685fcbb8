import type { Account } from './book.ts';

/** The customer that owns the account was merged into another one, or erased. */
export interface EndedRefusal {
  code: 'OWNER_ENDED';
  ownerId: string;
  state: 'merged' | 'erased';
  survivorId: string | null;
}

/** Why an owner has nothing to do with money. */
export type OwnerRefusal = EndedRefusal | { code: 'OWNER_NOT_FOUND'; ownerId: string };

/** True for owners that are customers; all others are the merchant's own. */
export const isCustomer = (ownerId: string): boolean => ownerId.startsWith('cus_');

/** The refusal of an account whose owner has ended; undefined while it goes on. */
export const refuseEnded = ({ ownerId, ended, survivorId }: Account): EndedRefusal | undefined =>
  ended === null ? undefined : { code: 'OWNER_ENDED', ownerId, state: ended, survivorId };
