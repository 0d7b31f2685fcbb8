import fc from 'fast-check';
import { priorPrice, shownPrices, type PricePeriod } from './price-history.ts';

const period = (more: Partial<PricePeriod>): PricePeriod => ({
  priceId: 'prc_1',
  version: 1,
  priceListId: 'lst_1',
  amount: 1_000,
  from: 0,
  until: null,
  forGroup: false,
  taxInclusive: true,
  priority: 0,
  listFrom: null,
  listUntil: null,
  listCreated: 0,
  ...more,
});
const shownFrom = (periods: PricePeriod[], since: number, now: number) =>
  shownPrices(periods, since, now).map(({ from, until, price }) => [from, until, price.amount]);

describe('shownPrices', () => {
  test('a sale interrupts the standard price while it lasts', () => {
    const sale = period({ priceListId: 'lst_2', amount: 800, priority: 1, listFrom: 10, listUntil: 20 });
    expect(shownFrom([period({}), sale], 0, 30)).toEqual([
      [0, 10, 1_000],
      [10, 20, 800],
      [20, null, 1_000],
    ]);
  });

  test('what ends in the future still shows; what begins in the future does not', () => {
    expect(
      shownFrom(
        [period({ listUntil: 100 }), period({ priceListId: 'lst_2', amount: 1, priority: 9, listFrom: 60 })],
        0,
        50,
      ),
    ).toEqual([[0, null, 1_000]]);
  });

  test('neighbours with the same amount are one; a gap without a price stays a gap', () => {
    expect(
      shownFrom(
        [period({ until: 5 }), period({ version: 2, from: 5, until: 8 }), period({ version: 3, from: 12 })],
        0,
        20,
      ),
    ).toEqual([
      [0, 8, 1_000],
      [12, null, 1_000],
    ]);
  });

  test('at every moment exactly the winning one of the valid prices is shown', () => {
    const moment = fc.integer({ min: 0, max: 40 });
    const some = fc.record({
      amount: fc.integer({ min: 1, max: 5 }),
      from: moment,
      until: fc.option(moment),
      forGroup: fc.boolean(),
      priority: fc.integer({ min: 0, max: 2 }),
      listFrom: fc.option(moment),
      listUntil: fc.option(moment),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), moment, (parts, now) => {
        const periods = parts.map((part, index) =>
          period({ ...part, priceId: `prc_${index}`, priceListId: `lst_${index}`, listCreated: index }),
        );
        const shown = shownPrices(periods, 0, now);
        for (let at = 0; at <= now; at += 1) {
          const holding = periods.filter(
            (each) =>
              each.from <= at &&
              at < (each.until ?? Infinity) &&
              (each.listFrom ?? 0) <= at &&
              at < (each.listUntil ?? Infinity),
          );
          const best = holding.toSorted(
            (a, b) =>
              Number(b.forGroup) - Number(a.forGroup) || b.priority - a.priority || b.listCreated - a.listCreated,
          )[0];
          const found = shown.filter(({ from, until }) => from <= at && at < (until ?? Infinity));
          expect(found.map(({ price }) => price.amount)).toEqual(best ? [best.amount] : []);
        }
      }),
    );
  });
});

describe('priorPrice', () => {
  const versions = (...steps: [from: number, amount: number][]): PricePeriod[] =>
    steps.map(([from, amount], index) =>
      period({ version: index + 1, from, amount, until: steps[index + 1]?.[0] ?? null }),
    );
  const prior = (periods: PricePeriod[], windowMs: number, now = 1_000) => {
    const { current, priorLowest, reduced } = priorPrice(shownPrices(periods, 0, now), windowMs);
    return [current?.price.amount, priorLowest?.price.amount, reduced];
  };

  test('is the lowest in the window before the current price began', () => {
    expect(prior(versions([0, 500], [100, 1_000], [160, 900], [170, 1_000], [190, 950]), 60)).toEqual([950, 900, true]);
  });

  test('a price that stood into the window counts, one that ended before it does not', () => {
    expect(prior(versions([0, 500], [100, 1_000], [160, 950]), 61)).toEqual([950, 500, true]);
    expect(prior(versions([0, 500], [100, 1_000], [160, 950]), 60)).toEqual([950, 1_000, true]);
  });

  test('a raised price is no reduction, a first one has no prior, an ended one no current', () => {
    expect(prior(versions([0, 500], [100, 600]), 60)).toEqual([600, 500, false]);
    expect(prior(versions([0, 500]), 60)).toEqual([500, undefined, false]);
    expect(prior([period({ until: 50 })], 60)).toEqual([undefined, undefined, false]);
  });

  test('prices with and without tax are not compared', () => {
    expect(
      prior([period({ until: 50, amount: 1, taxInclusive: false }), period({ version: 2, from: 50 })], 60),
    ).toEqual([1_000, undefined, false]);
  });
});
