import { z } from 'zod';
import {
  choices,
  currency,
  id,
  line,
  minorUnitsOf,
  money,
  reference,
  sku,
  timestamp,
  version,
} from '../../chassis/contract/index.ts';

export const campaignId = id('cam');
export const teamId = id('tea');
export const seatId = id('sea');
export const customerId = id('cus');

/** A team has this many seats at most. */
export const MOST_SEATS = 100;
/** Stock is reserved for a week at most: a life, the time that staff may add and a day for completion fit in. */
export const LONGEST_LIFE_MINUTES = 5 * 1_440;
export const MOST_ADDED_MINUTES = 1_440;

export const campaignState = choices({
  draft: 'Can still be changed; nobody sees it',
  scheduled: 'Opens when its time comes',
  open: 'Teams are opened and joined',
  paused: 'No new teams and members; teams go on until their end',
  closed: 'Over; teams that were open go on until their end',
}).describe('How far the campaign is');
export type CampaignState = z.infer<typeof campaignState>;

export const teamState = choices({
  open: 'Opened; nobody has joined yet',
  forming: 'Has members and room for more',
  complete: 'Reached its size or its end with enough members: every seat becomes an order',
  expired: 'Ended without enough members: all money and stock was let go',
  cancelled: 'Called off by staff, or left by all of its members',
}).describe('How far the team is');
export type TeamState = z.infer<typeof teamState>;

export const seatState = choices({
  claimed: 'Money and stock are being held',
  held: 'A member of the team: money and stock are held',
  won: 'The team is complete; the order is being made',
  ordered: 'Became an order, which is paid',
  releasing: 'Given up; money and stock are being let go',
  released: 'Given up; nothing is held any more',
}).describe('How far the seat is');
export type SeatState = z.infer<typeof seatState>;

export const endReason = choices({
  left: 'The member left',
  payment_failed: 'Money or stock could not be held',
  team_expired: 'The team ended without enough members',
  team_cancelled: 'The team was cancelled',
  customer_erased: 'The customer was erased',
  not_finished: 'Joining was not finished in time',
  order_refused: 'The order could not be made',
}).describe('Why the seat was given up');
export type EndReason = z.infer<typeof endReason>;

export const tier = z.object({
  size: z.int().min(2).max(MOST_SEATS).describe('From so many members on'),
  price: minorUnitsOf('currency', z.int().min(1).max(100_000_000_000), 'Each member pays so much for one unit'),
});
export type Tier = z.infer<typeof tier>;

const isRising = (tiers: readonly Tier[]): boolean =>
  tiers.every((one, index) => {
    const before = tiers[index - 1];
    return !before || (one.size > before.size && one.price < before.price);
  });

export const tiers = z
  .array(tier)
  .min(1)
  .max(5)
  .refine(isRising, 'each tier needs more members than the one before, and costs less')
  .describe('Team sizes and prices, the smallest team first: larger teams pay less');

export const audience = choices({
  everybody: 'Every customer',
  new_customers: 'Customers who have not ordered yet',
  customer_group: 'Customers of one group',
}).describe('Who may open and join teams');

export const campaignTerms = {
  name: line(120).describe('Name of the campaign, as customers read it'),
  sku: sku.describe('The variant that is sold'),
  currency,
  tiers,
  startsAt: timestamp.describe('When it opens'),
  endsAt: timestamp.describe('When it closes; no team lasts longer'),
  teamMinutes: z.int().min(1).max(LONGEST_LIFE_MINUTES).describe('How long a team has to find its members, in minutes'),
  stockCap: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .describe('Seats in all of its teams at most; null: as stock allows'),
  seatsPerCustomer: z.int().min(1).max(100).describe('Seats that one customer may have in all of its teams'),
  audience,
  customerGroup: reference.nullable().describe('With customer_group: the code of the group'),
  manyTeams: z.boolean().describe('True: customers open teams of their own; false: one team for all'),
};

export const campaign = z
  .object({
    id: campaignId,
    ...campaignTerms,
    productId: z.string().describe('The product that the variant belongs to'),
    listPrice: z.int().describe('Minor units that one unit costs without a team'),
    taxInclusive: z.boolean().describe('True when the prices contain tax'),
    state: campaignState,
    taken: z.int().describe('Seats that are taken in its teams'),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'GroupCampaign', title: 'Group campaign' });
export type Campaign = z.infer<typeof campaign>;

export const seat = z
  .object({
    id: seatId,
    teamId,
    campaignId,
    customerId: z.string().nullable().describe('Null after the person was erased'),
    state: seatState,
    endReason: endReason.nullable(),
    orderId: z.string().describe('The id of the order that it becomes; money and stock are held under it'),
    holdId: z.string().nullable(),
    reservationId: z.string().nullable(),
    shownPrice: money.describe('Price of one unit as it was shown while joining: it never rises'),
    held: money.nullable().describe('Held for it, with shipping and tax'),
    price: money.nullable().describe('Price of one unit that was charged'),
    paid: money.nullable().describe('Charged for it, with shipping and tax'),
    createdAt: timestamp,
  })
  .meta({ id: 'Seat', title: 'Seat' });
export type Seat = z.infer<typeof seat>;

export const shareCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-HJKMNP-Z2-9]{12}$/, 'a share code is 12 capital letters and digits')
  .meta({ description: 'Code of the share link', examples: ['K7M2QWXR9TBD'] });

/** A team as everybody with the link sees it: nothing of its members. */
export const team = z
  .object({
    id: teamId,
    campaignId,
    code: z.string().describe('Code of the share link; it ends with the team'),
    state: teamState,
    openToStrangers: z.boolean().describe('Whether people without the link are matched into it'),
    size: z.int().describe('Members at most'),
    members: z.int().describe('Members whose money and stock are held'),
    seatsLeft: z.int().describe('Seats that can be taken now'),
    missing: z.int().describe('Members missing to the next tier; 0 when the last one is reached'),
    price: money.describe('Price of one unit at the tier reached; of the first tier before'),
    reachedSize: z.int().describe('Size of the tier reached; 0 before the first'),
    expiresAt: timestamp,
    extended: z.boolean().describe('Whether time was added to it; that is possible once'),
    endedAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'Team', title: 'Team' });
export type Team = z.infer<typeof team>;

export const teamWithSeats = team
  .extend({
    leaderId: z.string().nullable().describe('The customer who leads it; only staff and members see it'),
    seats: z.array(seat).describe('For staff all seats, for a customer the own ones'),
  })
  .meta({ id: 'TeamWithSeats', title: 'Team with seats' });
export type TeamWithSeats = z.infer<typeof teamWithSeats>;

export const illegalState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
} as const;
export const campaignNotFound = { status: 404, title: 'Campaign not found', data: z.object({ campaignId }) } as const;
export const teamNotFound = { status: 404, title: 'Team not found' } as const;
