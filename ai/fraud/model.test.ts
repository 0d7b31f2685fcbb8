import fc from 'fast-check';
import { featuresOf, type Features } from './features.ts';
import { baseLogOdds, judge, probabilityOf } from './model.ts';
import { SCORECARD } from './model/scorecard.ts';
import { wordingOf } from './model/wording.ts';

const UNKNOWN = featuresOf(undefined, undefined);
const names = Object.keys(UNKNOWN) as (keyof Features)[];

const features: fc.Arbitrary<Features> = fc
  .tuple(...names.map(() => fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1_000, noNaN: true }))))
  // Numbers stand for every kind of feature: the scorecard reads yes and no as 1 and 0.
  .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])) as unknown as Features);
const rate = fc.double({ min: 0.0001, max: 0.5, noNaN: true });

describe('the scorecard', () => {
  test('and the learned model have words for every feature, under a code of its own', () => {
    const codes = names.map((name) => wordingOf(name, UNKNOWN).code);
    expect(new Set(codes).size).toBe(names.length);
    expect(codes).toEqual(expect.arrayContaining(SCORECARD.map(({ code }) => code)));
  });

  test.each(SCORECARD.map((one) => [one.code, one] as const))(
    '%s shares out all frauds and all honest orders',
    (_, one) => {
      const { ranges } = one;
      expect(ranges.reduce((sum, { frauds }) => sum + frauds, 0)).toBeCloseTo(100, 9);
      expect(ranges.reduce((sum, { honest }) => sum + honest, 0)).toBeCloseTo(100, 9);
      expect(ranges[0]?.from).toBeNull();
      const bounds = ranges.slice(1).map(({ from }) => Number(from));
      expect(bounds).toEqual(bounds.toSorted((left, right) => left - right));
    },
  );
});

describe('a judgement', () => {
  test('without known features is the expected share of fraud', () => {
    const { score, reasons } = judge(UNKNOWN, 0.005);
    expect(score).toBeCloseTo(0.005, 6);
    expect(reasons).toEqual([]);
  });

  test('is the sum of its reasons: base and contributions are the log-odds of the score', () => {
    fc.assert(
      fc.property(features, rate, (seen, expected) => {
        const { score, baseLogOdds: base, reasons } = judge(seen, expected);
        expect(base).toBe(baseLogOdds(expected));
        const sum = reasons.reduce((total, { contribution }) => total + contribution, base);
        expect(probabilityOf(sum)).toBeCloseTo(score, 12);
        expect(reasons.every(({ contribution }) => contribution !== 0)).toBe(true);
        const strengths = reasons.map(({ contribution }) => Math.abs(contribution));
        expect(strengths).toEqual(strengths.toSorted((left, right) => right - left));
      }),
    );
  });

  test('moves in the direction that its reasons describe', () => {
    const of = (seen: Partial<Features>): number => judge({ ...UNKNOWN, ...seen }, 0.005).score;
    expect(of({ ordersLastHourAboveUsual: 5 })).toBeGreaterThan(of({ ordersLastHourAboveUsual: 1 }));
    expect(of({ ordersLastHourAboveUsual: 1 })).toBeGreaterThan(of({ ordersLastHourAboveUsual: 0 }));
    expect(of({ amountToOwnMean: 9 })).toBeGreaterThan(of({ amountToOwnMean: 1 }));
    expect(of({ accountAgeHours: 0.5 })).toBeGreaterThan(of({ accountAgeHours: 1_000 }));
    expect(of({ deliveredOrders: 7 })).toBeLessThan(of({ deliveredOrders: 0 }));
    expect(of({ customerFrauds: 2 })).toBeGreaterThan(of({ customerFrauds: 0 }));
  });

  test('describes the values that were found', () => {
    const { reasons } = judge(
      { ...UNKNOWN, ordersLastHourAboveUsual: 6, amountToOwnMean: 9.04, newCountry: true },
      0.005,
    );
    expect(reasons.map(({ code, detail }) => [code, detail])).toEqual([
      ['ORDERS_LAST_HOUR', 'orders in the hour before: 6.0 standard deviations above the customer’s habit'],
      ['AMOUNT_TO_OWN_MEAN', '9.0 times the customer’s mean order'],
      ['NEW_COUNTRY', 'never shipped to this country before'],
    ]);
  });
});
