import { z } from 'zod';
import { choices, currency, id, line, minorUnitsOf, money, sku, timestamp } from '../../chassis/contract/index.ts';
import { LONGEST_LIFE_MINUTES, MOST_SEATS } from './values.ts';

export const bargainCampaignId = id('bca');
export const bargainId = id('bar');

export const bargainCampaignState = choices({
  open: 'Bargains are started within its window',
  closed: 'No new bargains; those that were started go on until their end',
}).describe('How far the campaign is');
export type BargainCampaignState = z.infer<typeof bargainCampaignState>;

export const bargainState = choices({
  running: 'Friends cut the price; it can be bought at the present price',
  won: 'All friends have cut: it can be bought at the floor price',
  buying: 'It is being bought: money and stock are being held',
  paying: 'Money and stock are held; the order is being made',
  bought: 'Became an order, which is paid',
  lapsed: 'The time was up before it was bought',
}).describe('How far the bargain is');
export type BargainState = z.infer<typeof bargainState>;

export const bargainTerms = {
  name: line(120).describe('Name of the campaign, as customers read it'),
  sku: sku.describe('The variant that is sold'),
  currency,
  floorPrice: minorUnitsOf('currency', z.int().min(1).max(100_000_000_000), 'One unit costs so much after all cuts'),
  cuts: z.int().min(1).max(MOST_SEATS).describe('Friends who each cut a part of the price, until the floor is reached'),
  bargainMinutes: z.int().min(1).max(LONGEST_LIFE_MINUTES).describe('How long a bargain lasts, in minutes'),
  bargainsPerCustomer: z.int().min(1).max(100).describe('Bargains that one customer may start'),
  startsAt: timestamp.describe('When bargains can be started'),
  endsAt: timestamp.describe('Until when; no bargain lasts longer'),
};

export const bargainCampaign = z
  .object({
    id: bargainCampaignId,
    ...bargainTerms,
    productId: z.string().describe('The product that the variant belongs to'),
    listPrice: z.int().describe('Minor units that one unit costs before the first cut'),
    taxInclusive: z.boolean().describe('True when the prices contain tax'),
    state: bargainCampaignState,
    createdAt: timestamp,
  })
  .meta({ id: 'BargainCampaign', title: 'Bargain campaign' });
export type BargainCampaign = z.infer<typeof bargainCampaign>;

/** A bargain as everybody with its link sees it: nothing of the people. */
export const bargain = z
  .object({
    id: bargainId,
    bargainCampaignId,
    code: z.string().describe('Code of the share link; nobody cuts by it once the bargain has ended'),
    state: bargainState,
    startPrice: money.describe('Price of one unit before the first cut'),
    floorPrice: money.describe('Price of one unit after all cuts'),
    price: money.describe('Price of one unit now'),
    cuts: z.int().describe('Friends who can cut'),
    cutsLeft: z.int().describe('Friends who still can cut'),
    commitment: z
      .string()
      .describe('SHA-256 of the seed, in hexadecimal digits: what each friend cuts was settled before the first cut'),
    seed: z
      .string()
      .nullable()
      .describe('Shown when nobody can cut any more: anybody can calculate the cuts from it, by the published rule'),
    expiresAt: timestamp,
    createdAt: timestamp,
  })
  .meta({ id: 'Bargain', title: 'Bargain' });
export type Bargain = z.infer<typeof bargain>;

export const cut = z
  .object({
    number: z.int().describe('1 for the first friend'),
    amount: money.describe('What this friend cut'),
    customerId: z.string().nullable().describe('The friend: only staff see all. Null after the person was erased'),
    createdAt: timestamp,
  })
  .meta({ id: 'BargainCut', title: 'Bargain cut' });

export const bargainWithCuts = bargain
  .extend({
    customerId: z.string().nullable().describe('Who started it'),
    cutList: z.array(cut).describe('The cuts in their order; others’ names are left out for customers'),
    orderId: z.string().nullable().describe('The order that it became, or is becoming'),
    paid: money.nullable().describe('Charged for it, with shipping and tax'),
  })
  .meta({ id: 'BargainWithCuts', title: 'Bargain with cuts' });
export type BargainWithCuts = z.infer<typeof bargainWithCuts>;

export const bargainCampaignNotFound = {
  status: 404,
  title: 'Bargain campaign not found',
  data: z.object({ bargainCampaignId }),
} as const;
export const bargainNotFound = { status: 404, title: 'Bargain not found' } as const;
export const bargainEnded = { status: 409, title: 'Bargain ended', data: z.object({ state: bargainState }) } as const;
