import fc from 'fast-check';
import { featuresOf, type Features } from '../features.ts';
import { trainFraud, type LabelledOrder } from '../train.ts';
import { learnedJudge, readLearned } from './learned.ts';

const NOTHING = featuresOf(undefined, undefined);

/** Two thirds of the orders of nine units are fraud, and one in twenty of the others. */
const orders: LabelledOrder[] = Array.from({ length: 600 }, (_, index) => {
  const large = index % 5 === 0;
  const fraud = large ? index % 15 < 10 : index % 20 === 1;
  return { at: index, features: { ...NOTHING, largestQuantity: large ? 9 : 1 }, fraud };
});
const model = trainFraud(orders);

describe('a learned model', () => {
  test('is the same bytes for the same orders, in whatever order they come', () => {
    expect(JSON.stringify(trainFraud(orders.toReversed()))).toBe(JSON.stringify(model));
  });

  test('says what share was fraud, and its reasons sum to the score whatever is known', () => {
    const judge = learnedJudge(readLearned(JSON.parse(JSON.stringify(model))));
    const scoreOf = (features: Partial<Features>) => judge({ ...NOTHING, ...features }).score;
    expect(Math.abs(scoreOf({ largestQuantity: 9 }) - 2 / 3)).toBeLessThan(0.15);
    expect(Math.abs(scoreOf({ largestQuantity: 1 }) - 1 / 20)).toBeLessThan(0.04);
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 0, max: 20 })), fc.option(fc.boolean()), (largestQuantity, guest) => {
        const { score, baseLogOdds, reasons } = judge({ ...NOTHING, largestQuantity, guest });
        const sum = reasons.reduce((total, { contribution }) => total + contribution, baseLogOdds);
        expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(score, 12);
      }),
    );
  });

  test('corrects for honest orders that were left out', () => {
    const [all, part] = [model, trainFraud(orders, { honestShare: 0.1 })];
    expect(part.intercept - all.intercept).toBeCloseTo(Math.log(0.1), 12);
  });
});
