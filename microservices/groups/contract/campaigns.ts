import { z } from 'zod';
import {
  expectedVersion,
  money,
  operation,
  page,
  pageQuery,
  reference,
  sku,
  timestamp,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import {
  audience,
  campaign,
  campaignId,
  campaignNotFound,
  campaignState,
  campaignTerms,
  illegalState,
  tiers,
} from './values.ts';

const read = { scope: 'groups:read' };
const write = { scope: 'groups:write' };
const CAMPAIGN_NOT_FOUND = campaignNotFound;
const moved = { CAMPAIGN_NOT_FOUND, ILLEGAL_STATE: illegalState } as const;

export const termFailures = {
  INVALID_WINDOW: { status: 422, title: 'Campaign ends before it starts' },
  GROUP_REQUIRED: { status: 422, title: 'Customer group required' },
  NOT_SELLABLE: { status: 409, title: 'Item not for sale', data: z.object({ sku: z.string(), reason: z.string() }) },
  PRICE_TOO_HIGH: {
    status: 422,
    title: 'Price not below the list price',
    data: z.object({ listPrice: money, price: money }),
  },
  PRICE_BELOW_FLOOR: {
    status: 422,
    title: 'Price below the floor',
    data: z.object({ floor: money, price: money }),
  },
} as const;

const step = (name: string, title: string, description: string) =>
  operation({
    method: 'POST',
    path: `/groups/campaigns/{campaignId}/${name}`,
    title,
    description,
    access: write,
    input: z.object({ campaignId }),
    output: campaign,
    errors: moved,
  });

/** What customers see of a campaign beside a product. */
const offer = z
  .object({
    sku: z.string(),
    productId: z.string(),
    campaignId,
    name: z.string(),
    listPrice: money.describe('Price without a team'),
    fromPrice: money.describe('The lowest price that a team can reach'),
    teamSize: z.int().describe('Members that the lowest price needs'),
    firstPrice: money.describe('Price of the smallest team'),
    firstSize: z.int().describe('Members of the smallest team'),
    taxInclusive: z.boolean(),
    endsAt: timestamp,
  })
  .meta({ id: 'GroupOffer', title: 'Group offer' });

export const campaignOperations = {
  createCampaign: operation({
    method: 'POST',
    path: '/groups/campaigns',
    title: 'Create campaign',
    description:
      'Creates a campaign as a draft: one variant at lower prices for teams. Prices above the list price, and those below the floor of the shop, are refused.',
    access: write,
    input: z.object({
      ...campaignTerms,
      teamMinutes: campaignTerms.teamMinutes.default(1_440),
      stockCap: campaignTerms.stockCap.default(null),
      seatsPerCustomer: campaignTerms.seatsPerCustomer.default(1),
      audience: audience.default('everybody'),
      customerGroup: reference.nullable().default(null).describe('With customer_group: the code of the group'),
      manyTeams: z.boolean().default(true).describe('Whether customers open teams of their own, or share one team'),
    }),
    output: campaign,
    successStatus: 201,
    errors: termFailures,
  }),
  updateCampaign: operation({
    method: 'PATCH',
    path: '/groups/campaigns/{campaignId}',
    title: 'Update campaign',
    description: 'Changes a draft. What was published stays, so that customers get what they were shown.',
    access: write,
    input: z.object({
      campaignId,
      expectedVersion,
      name: campaignTerms.name.optional(),
      tiers: tiers.optional(),
      startsAt: campaignTerms.startsAt.optional(),
      endsAt: campaignTerms.endsAt.optional(),
      teamMinutes: campaignTerms.teamMinutes.optional(),
      stockCap: campaignTerms.stockCap.optional(),
      seatsPerCustomer: campaignTerms.seatsPerCustomer.optional(),
      audience: audience.optional(),
      customerGroup: campaignTerms.customerGroup.optional(),
      manyTeams: z.boolean().optional().describe('Whether customers open teams of their own, or share one team'),
    }),
    output: campaign,
    errors: { ...moved, ...termFailures, VERSION_CONFLICT },
  }),
  getCampaign: operation({
    method: 'GET',
    path: '/groups/campaigns/{campaignId}',
    title: 'Get campaign',
    description: 'One campaign by its id. Customers see those that are scheduled, open or over.',
    access: { ...read, customer: true, public: true },
    input: z.object({ campaignId }),
    output: campaign,
    errors: { CAMPAIGN_NOT_FOUND },
  }),
  listCampaigns: operation({
    method: 'GET',
    path: '/groups/campaigns',
    title: 'List campaigns',
    description: 'Campaigns, newest first.',
    access: read,
    input: z.object({ state: campaignState.optional(), sku: sku.optional(), ...pageQuery }),
    output: page(campaign),
  }),
  scheduleCampaign: step(
    'schedule',
    'Schedule campaign',
    'Publishes a draft: it opens when its time comes, and closes at its end, by themselves.',
  ),
  pauseCampaign: step('pause', 'Pause campaign', 'No team is opened or joined until the campaign is resumed.'),
  resumeCampaign: step('resume', 'Resume campaign', 'Teams are opened and joined again.'),
  closeCampaign: step(
    'close',
    'Close campaign',
    'Ends a campaign. Teams that are open go on until their own end; cancel them to let go of money and stock at once.',
  ),
  findOffers: operation({
    method: 'POST',
    path: '/groups/offers/find',
    title: 'Find offers',
    description:
      'The open campaigns of up to 50 SKUs or products in one call: "from … in a team of n" for a page of products.',
    access: { ...read, customer: true, public: true },
    input: z.object({
      skus: z.array(sku).max(50).default([]).describe('SKUs of the page'),
      productIds: z.array(reference).max(50).default([]).describe('Products of the page'),
    }),
    output: z.object({ items: z.array(offer) }),
    readOnly: true,
  }),
};
