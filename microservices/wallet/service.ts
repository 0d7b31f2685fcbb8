import type { Context, Handlers } from './context.ts';
import { accountHandlers } from './service/accounts.ts';
import { postClearing } from './service/clearing.ts';
import { creditHandlers } from './service/credit.ts';
import { holdHandlers } from './service/holds.ts';
import { queryHandlers } from './service/queries.ts';
import { rebuildRecentBalances } from './service/recent-balances.ts';
import { refundCapture } from './service/refunds.ts';
import { transferHandlers } from './service/transfers.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...transferHandlers(context),
  ...creditHandlers(context),
  ...holdHandlers(context),
  ...accountHandlers(context),
  ...queryHandlers(context),
  postClearing: postClearing(context),
  refundCapture: refundCapture(context),
  rebuildRecentBalances: rebuildRecentBalances(context),
});
