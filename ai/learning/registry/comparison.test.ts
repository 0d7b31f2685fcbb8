import { seededRandom } from '../random.ts';
import { compareVersions, type Compared } from './comparison.ts';

/** Cases whose true chance one version knows, and the other has only the mean of. */
const casesOf = (count: number, seed: number): Compared[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const chance = random();
    return { current: 0.5, shadow: chance, positive: random() < chance };
  });
};

const turned = (cases: readonly Compared[]): Compared[] =>
  cases.map(({ current, shadow, positive }) => ({ current: shadow, shadow: current, positive }));

test('a shadow that knows more is better, and the other way round worse by as much', () => {
  const cases = casesOf(1_000, 1);
  const found = compareVersions(cases);
  expect(found).toMatchObject({ verdict: 'better', cases: 1_000 });
  const back = compareVersions(turned(cases));
  expect(back.verdict).toBe('worse');
  expect(back.gain).toBeCloseTo(-found.gain, 12);
});

test('equal versions and few outcomes are unclear', () => {
  const equal = casesOf(1_000, 2).map((one) => ({ ...one, current: one.shadow }));
  expect(compareVersions(equal)).toMatchObject({ verdict: 'unclear', gain: 0, standardError: 0 });
  expect(compareVersions(casesOf(40, 3)).verdict).toBe('unclear');
  expect(compareVersions([])).toMatchObject({ verdict: 'unclear', cases: 0, gain: NaN });
});

test('without outcomes of both kinds nothing is proven', () => {
  const only = casesOf(1_000, 4).map((one) => ({ ...one, positive: false }));
  expect(compareVersions(only)).toMatchObject({ verdict: 'unclear', positives: 0 });
});

test('a sure score that was wrong costs much, and not without end', () => {
  const wrong = Array.from({ length: 100 }, (_, index) => ({ current: 0.5, shadow: 1, positive: index % 2 === 0 }));
  const { verdict, gain } = compareVersions(wrong);
  expect(verdict).toBe('worse');
  expect(Number.isFinite(gain)).toBe(true);
});
