import fc from 'fast-check';
import { seededRandom } from '../../learning/random.ts';
import { easeRatings, trainEase } from './ease.ts';
import { reasonsFor } from './explain.ts';

const ITEMS = 12;
const histories = (seed: number): number[][] => {
  const random = seededRandom(seed);
  // Two tastes: even and odd items.
  return Array.from({ length: 200 }, (_, customer) =>
    Array.from({ length: ITEMS }, (_, item) => item).filter(
      (item) => random() < (item % 2 === customer % 2 ? 0.5 : 0.05),
    ),
  );
};

test('rates items of the same taste above all others', () => {
  const ratings = easeRatings(trainEase(histories(1), ITEMS, { lambda: 100 })).rate([0, 2]);
  const even = [4, 6, 8, 10].map((item) => ratings[item] ?? NaN);
  const odd = [1, 3, 5, 7, 9, 11].map((item) => ratings[item] ?? NaN);
  expect(Math.min(...even)).toBeGreaterThan(Math.max(...odd));
});

test('is the least squares solution: no weight can change without a loss', () => {
  const [lambda, dropout, lengthExponent] = [10, 0.25, 0.3];
  const given = histories(2).filter(({ length }) => length > 0);
  const { weights } = trainEase(given, ITEMS, { lambda, dropout, lengthExponent, popularityExponent: 0 });
  const weightOfHistory = ({ length }: readonly number[]): number => (length / 100) ** -lengthExponent;
  const loss = (target: number, changed: number, by: number): number => {
    const weightOf = (from: number): number => (weights[from * ITEMS + target] ?? 0) + (from === changed ? by : 0);
    const error = given.reduce((sum, history) => {
      const predicted = history.filter((from) => from !== target).reduce((total, from) => total + weightOf(from), 0);
      return sum + weightOfHistory(history) * (Number(history.includes(target)) - predicted) ** 2;
    }, 0);
    const penalty = Array.from({ length: ITEMS }, (_, from) => from)
      .filter((from) => from !== target)
      .reduce((sum, from) => {
        const taken = given
          .filter((history) => history.includes(from))
          .reduce((total, history) => total + weightOfHistory(history), 0);
        return sum + (lambda + (dropout / (1 - dropout)) * taken) * weightOf(from) ** 2;
      }, 0);
    return error + penalty;
  };
  for (const target of [0, 5])
    for (const changed of [1, 4, 11])
      for (const by of [-0.01, 0.01]) expect(loss(target, changed, by)).toBeGreaterThan(loss(target, changed, 0));
});

test('an item never speaks for itself, and the parts sum to the rating', () => {
  const ratings = easeRatings(trainEase(histories(3), ITEMS));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(ITEMS - 1), { minLength: 1 }), fc.nat(ITEMS - 1), (history, item) => {
      const parts = history.map((_, position) => ratings.partOf(history, position, item));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(ratings.rate(history)[item] ?? NaN, 9);
      expect(reasonsFor(ratings, history, item, 3).map((part) => part.item)).not.toContain(item);
    }),
  );
});

test('the same histories give the same bytes', () => {
  const bytes = () => Buffer.from(trainEase(histories(4), ITEMS).weights.buffer).toString('base64');
  expect(bytes()).toBe(bytes());
});

test('refuses items that are not there and options that make no model', () => {
  expect(() => trainEase([[0, 3]], 3)).toThrow('A history holds item 3, but there are 3 items.');
  expect(() => trainEase([[0]], 1, { lambda: 0 })).toThrow('EASE needs lambda above 0');
  expect(() => trainEase([[0]], 1, { dropout: 1 })).toThrow('EASE needs lambda above 0');
});
