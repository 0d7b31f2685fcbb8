import { z } from 'zod';
import { newAddress, operation, page, pageQuery, reference, sku } from '../../chassis/contract/index.ts';
import {
  bargain,
  bargainCampaign,
  bargainCampaignId,
  bargainCampaignNotFound,
  bargainCampaignState,
  bargainEnded,
  bargainId,
  bargainNotFound,
  bargainState,
  bargainTerms,
  bargainWithCuts,
  cut,
} from './bargain-values.ts';
import { termFailures } from './campaigns.ts';
import { seatFailures } from './seat-failures.ts';
import { customerId, illegalState, shareCode } from './values.ts';

const read = { scope: 'groups:read' };
const write = { scope: 'groups:write' };
const BARGAIN_CAMPAIGN_NOT_FOUND = bargainCampaignNotFound;
const BARGAIN_NOT_FOUND = bargainNotFound;
const BARGAIN_ENDED = bargainEnded;
const { CUSTOMER_REQUIRED, CUSTOMER_NOT_FOUND, OUT_OF_STOCK, PAYMENT_REFUSED, NOT_SELLABLE, NO_SHIPPING_METHOD } =
  seatFailures;
const who = customerId.optional().describe('The customer, when staff or a journey asks; customers act for themselves');

export const bargainOperations = {
  createBargainCampaign: operation({
    method: 'POST',
    path: '/groups/bargain-campaigns',
    title: 'Create bargain campaign',
    description:
      'Opens a campaign in which customers start bargains for one variant: friends cut the list price down to a floor. A floor below that of the shop is refused.',
    access: write,
    input: z.object({
      ...bargainTerms,
      bargainMinutes: bargainTerms.bargainMinutes.default(1_440),
      bargainsPerCustomer: bargainTerms.bargainsPerCustomer.default(1),
    }),
    output: bargainCampaign,
    successStatus: 201,
    errors: {
      INVALID_WINDOW: termFailures.INVALID_WINDOW,
      NOT_SELLABLE: termFailures.NOT_SELLABLE,
      PRICE_TOO_HIGH: termFailures.PRICE_TOO_HIGH,
      PRICE_BELOW_FLOOR: termFailures.PRICE_BELOW_FLOOR,
      TOO_MANY_CUTS: { status: 422, title: 'More cuts than minor units', data: z.object({ most: z.int() }) },
    },
  }),
  getBargainCampaign: operation({
    method: 'GET',
    path: '/groups/bargain-campaigns/{bargainCampaignId}',
    title: 'Get bargain campaign',
    description: 'One bargain campaign by its id.',
    access: { ...read, customer: true, public: true },
    input: z.object({ bargainCampaignId }),
    output: bargainCampaign,
    errors: { BARGAIN_CAMPAIGN_NOT_FOUND },
  }),
  listBargainCampaigns: operation({
    method: 'GET',
    path: '/groups/bargain-campaigns',
    title: 'List bargain campaigns',
    description: 'Bargain campaigns, newest first.',
    access: read,
    input: z.object({ state: bargainCampaignState.optional(), sku: sku.optional(), ...pageQuery }),
    output: page(bargainCampaign),
  }),
  closeBargainCampaign: operation({
    method: 'POST',
    path: '/groups/bargain-campaigns/{bargainCampaignId}/close',
    title: 'Close bargain campaign',
    description: 'No bargain is started any more. Those that run go on until their own end.',
    access: write,
    input: z.object({ bargainCampaignId }),
    output: bargainCampaign,
    errors: { BARGAIN_CAMPAIGN_NOT_FOUND, ILLEGAL_STATE: illegalState },
  }),
  startBargain: operation({
    method: 'POST',
    path: '/groups/bargain-campaigns/{bargainCampaignId}/bargains',
    title: 'Start bargain',
    description:
      'Starts a bargain at the list price. The share link’s code lets friends cut. What each cuts is settled now; the commitment shown lets anybody check it afterwards.',
    access: { ...write, customer: true },
    input: z.object({ bargainCampaignId, customerId: who }),
    output: bargainWithCuts,
    successStatus: 201,
    errors: {
      BARGAIN_CAMPAIGN_NOT_FOUND,
      CUSTOMER_REQUIRED,
      CUSTOMER_NOT_FOUND,
      CAMPAIGN_NOT_OPEN: { status: 409, title: 'Campaign not open', data: z.object({ state: z.string() }) },
      BARGAINS_PER_CUSTOMER: {
        status: 409,
        title: 'No more bargains for this customer',
        data: z.object({ allowed: z.int() }),
      },
    },
  }),
  cutBargain: operation({
    method: 'POST',
    path: '/groups/shared-bargains/{code}/cut',
    title: 'Cut bargain',
    description: 'A friend cuts the price of the bargain of a share link: once each, and not one’s own.',
    access: { ...write, customer: true },
    input: z.object({ code: shareCode, customerId: who }),
    output: z.object({ cut, bargain }),
    successStatus: 201,
    errors: {
      BARGAIN_NOT_FOUND,
      CUSTOMER_REQUIRED,
      CUSTOMER_NOT_FOUND,
      BARGAIN_ENDED,
      OWN_BARGAIN: { status: 409, title: 'Own bargain' },
      ALREADY_CUT: { status: 409, title: 'Already cut', data: z.object({ number: z.int() }) },
      FLOOR_REACHED: { status: 409, title: 'Floor price reached' },
    },
  }),
  buyBargain: operation({
    method: 'POST',
    path: '/groups/bargains/{bargainId}/buy',
    title: 'Buy bargain',
    description:
      'Buys at the present price: money and stock are held, and the order is made and paid. Nobody cuts from then on. When it is refused, the bargain goes on as it was.',
    access: { ...write, customer: true },
    cannotRehearse: 'it takes the bargain before money and stock are held.',
    input: z.object({
      bargainId,
      shippingAddress: newAddress.describe('Where the goods go'),
      shippingMethod: reference.optional().describe('Code of a shipping method; otherwise the cheapest that fits'),
    }),
    output: bargainWithCuts,
    errors: {
      BARGAIN_NOT_FOUND,
      BARGAIN_ENDED,
      CUSTOMER_NOT_FOUND,
      OUT_OF_STOCK,
      PAYMENT_REFUSED,
      NOT_SELLABLE,
      NO_SHIPPING_METHOD,
    },
  }),
  getBargain: operation({
    method: 'GET',
    path: '/groups/bargains/{bargainId}',
    title: 'Get bargain',
    description: 'A bargain with its cuts; customers see their own.',
    access: { ...read, customer: true },
    input: z.object({ bargainId }),
    output: bargainWithCuts,
    errors: { BARGAIN_NOT_FOUND },
  }),
  getBargainByCode: operation({
    method: 'GET',
    path: '/groups/shared-bargains/{code}',
    title: 'Get shared bargain',
    description: 'The bargain of a share link, as everybody who has the link sees it: nothing of the people.',
    access: { ...read, customer: true, public: true },
    input: z.object({ code: shareCode }),
    output: bargain,
    errors: { BARGAIN_NOT_FOUND },
  }),
  listBargains: operation({
    method: 'GET',
    path: '/groups/bargains',
    title: 'List bargains',
    description: 'Bargains, newest first; customers see their own.',
    access: { ...read, customer: true },
    input: z.object({
      bargainCampaignId: bargainCampaignId.optional(),
      state: bargainState.optional(),
      customerId: customerId.optional().describe('Only bargains that this customer started'),
      ...pageQuery,
    }),
    output: page(bargain),
  }),
};
