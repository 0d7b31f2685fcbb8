import { implementContract } from '../../microservices/chassis/http/handlers.ts';
import { fraudContract } from './contract.ts';
import type { Context } from './service/context.ts';
import { labelOrder } from './service/labels.ts';
import { setPolicy } from './service/policy.ts';
import * as reads from './service/reads.ts';
import { decideReview } from './service/reviews.ts';
import { scoreOrder } from './service/score-order.ts';

export const handlers = (context: Context) =>
  implementContract(fraudContract, {
    scoreOrder: scoreOrder(context),
    getScore: reads.getScore(context),
    listScores: reads.listScores(context),
    labelOrder: labelOrder(context),
    evaluateScores: reads.evaluateScores(context),
    getScorecard: reads.getScorecard(context),
    getReview: reads.getReview(context),
    listReviews: reads.listReviews(context),
    decideReview: decideReview(context),
    getPolicy: reads.getPolicy(context),
    setPolicy: setPolicy(context),
  });
