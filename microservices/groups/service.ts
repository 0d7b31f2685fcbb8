import type { Context, Handlers } from './context.ts';
import { campaignHandlers } from './service/campaigns.ts';
import { seatHandlers } from './service/seats.ts';
import { teamHandlers } from './service/teams.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...campaignHandlers(context),
  ...seatHandlers(context),
  ...teamHandlers(context),
});
