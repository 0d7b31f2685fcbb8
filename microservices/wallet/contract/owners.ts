import { z } from 'zod';
import { id, reference } from '../../chassis/contract/index.ts';

/** The owner of an account: a customer's id, or an id of the merchant's own. */
export const ownerId = reference.describe('Owner of the wallet: a customer’s id (cus_…), or an id of your own');

const isCustomerId = (owner: string): boolean => id('cus').safeParse(owner).success;
/** Texts that name no owner, with the reason. An id of the merchant's own has another form. */
const NO_OWNERS: readonly [form: RegExp, words: string][] = [
  [
    /^cus_/i,
    'is no customer’s id: that is cus_ followed by 32 hexadecimal digits. List the customers to find the right id',
  ],
  [/@/, 'is an e-mail address, not the id of an owner. Find the customer with this address and use the id'],
  [/^\+[0-9]/, 'is a phone number, not the id of an owner. Find the customer with this number and use the id'],
  [
    /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
    'is no owner: a customer’s id begins with cus_, and an id of your own should say what it is, for example shop-berlin',
  ],
  [
    /^[a-z]{2,5}_[0-9a-f]{32}$/,
    'is the id of something else, not of an owner. Use a customer’s id (cus_…) or an id of your own',
  ],
  [
    /^(external|sales|refunds|credits|write_offs|card_clearing|cash_clearing|psp_fees|chargebacks|exchange)(:|$)/i,
    'is one of the platform’s own accounts, which no command names. Use a customer’s id (cus_…) or an id of your own',
  ],
];

/** An owner who is to get money or an account: nothing may go to a mistyped customer's id or an e-mail address. */
export const receivingOwnerId = NO_OWNERS.reduce(
  (owner, [form, words]) =>
    owner.refine((given) => isCustomerId(given) || !form.test(given), {
      error: ({ input }) => `${String(input)} ${words}`,
    }),
  ownerId,
);

/** Reasons of the owner, a customer, why nothing is booked. */
export const ownerFailures = {
  OWNER_NOT_FOUND: { status: 404, title: 'Owner not found', data: z.object({ ownerId: z.string() }) },
  OWNER_ENDED: {
    status: 409,
    title: 'Owner merged or erased',
    data: z.object({
      ownerId: z.string(),
      state: z.enum(['merged', 'erased']),
      survivorId: z.string().nullable().describe('The customer that a merged one went into'),
    }),
  },
} as const;
