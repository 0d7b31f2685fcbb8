import { fraudContract } from '../../ai/fraud/contract.ts';
import { defineFace } from '../form/face.ts';
import { fraudPickers } from './pickers.ts';

export const fraudFace = defineFace(fraudContract, {
  pickers: fraudPickers,
  resources: {
    order: {
      operations: {
        score: { calls: 'scoreOrder', action: 'Score order', prominent: ['order'], whole: ['order'] },
        label: { calls: 'labelOrder', action: 'Label order' },
      },
    },
    score: {
      operations: {
        get: { calls: 'getScore', action: 'Get score' },
        getMany: { calls: 'listScores', action: 'Get many scores' },
        evaluate: { calls: 'evaluateScores' },
        getScorecard: { calls: 'getScorecard', action: 'Get scorecard' },
      },
    },
    review: {
      operations: {
        get: { calls: 'getReview', action: 'Get review' },
        getMany: { calls: 'listReviews', action: 'Get many reviews' },
        decide: { calls: 'decideReview', action: 'Decide review' },
      },
    },
    policy: {
      operations: {
        get: { calls: 'getPolicy', action: 'Get policy' },
        update: { calls: 'setPolicy', action: 'Update policy' },
      },
    },
  },
  labels: { order: 'Order Facts' },
});
