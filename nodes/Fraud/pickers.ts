import { fraudContract } from '../../ai/fraud/contract.ts';
import { customer } from '../Customer/pickers.ts';
import { orderPickers } from '../Order/pickers.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const fraudPickers = {
  customerId: customer,
  orderId: orderPickers.orderId,
  scoreId: pickerFrom(fraudContract, 'Score', 'searchScores', 'listScores', {
    label: ['orderId', 'decision', 'scoredAt'],
  }),
  reviewId: pickerFrom(fraudContract, 'Review', 'searchReviews', 'listReviews', {
    label: ['orderId', 'state', 'openedAt'],
  }),
} satisfies Pickers;
