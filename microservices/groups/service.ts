import type { Context, Handlers } from './context.ts';
import { bargainCampaignHandlers } from './service/bargain-campaigns.ts';
import { bargainPurchase } from './service/bargain-purchase.ts';
import { bargainHandlers } from './service/bargains.ts';
import { campaignHandlers } from './service/campaigns.ts';
import { seatHandlers } from './service/seats.ts';
import { teamHandlers } from './service/teams.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...campaignHandlers(context),
  ...seatHandlers(context),
  ...teamHandlers(context),
  ...bargainCampaignHandlers(context),
  ...bargainHandlers(context),
  ...bargainPurchase(context),
});
