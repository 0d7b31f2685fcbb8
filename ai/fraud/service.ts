import type { Context, Handlers } from './context.ts';
import { labelOrder } from './service/labels.ts';
import { setPolicy } from './service/policy.ts';
import { queryHandlers } from './service/queries.ts';
import { decideReview } from './service/reviews.ts';
import { scoreOrder } from './service/score-order.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...queryHandlers(context),
  scoreOrder: scoreOrder(context),
  labelOrder: labelOrder(context),
  decideReview: decideReview(context),
  setPolicy: setPolicy(context),
});
