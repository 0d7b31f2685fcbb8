import { seededRandom } from '../../learning/random.ts';
import type { Table } from '../../learning/table.ts';
import { targetingOf } from './targeting.ts';
import { crossFitted, trainUplift, upliftAt, upliftOf, upliftParts, type Trial } from './uplift.ts';

const PEOPLE = 6_000;

/** A trial in which the chance of an order is `base` and rises by effectOf(person) with the promotion. */
const trialOf = (seed: number, effectOf: (loyal: number) => number, base = 0.2): Trial => {
  const random = seededRandom(seed);
  const loyal = Float64Array.from({ length: PEOPLE }, () => Number(random() < 0.5));
  const age = Float64Array.from({ length: PEOPLE }, () => 20 + 50 * random());
  const treated = Uint8Array.from({ length: PEOPLE }, () => Number(random() < 0.4));
  const outcome = Float64Array.from({ length: PEOPLE }, (_, person) =>
    Number(random() < base + (age[person] ?? 0) / 500 + (treated[person] ?? 0) * effectOf(loyal[person] ?? 0)),
  );
  const table: Table = { names: ['loyal', 'age'], columns: [loyal, age], rows: PEOPLE };
  return { table, treated, outcome };
};

const differing = (seed: number) => trialOf(seed, (loyal) => 0.02 + 0.2 * loyal);
const alike = (seed: number) => trialOf(seed, () => 0.1);

test('finds whom the promotion moves, and not who orders anyway', () => {
  const model = trainUplift(differing(1));
  expect(upliftOf(model, [1, 40])).toBeGreaterThan(0.17);
  expect(upliftOf(model, [0, 40])).toBeLessThan(0.07);
  // Age raises orders, not the effect.
  expect(Math.abs(upliftOf(model, [1, 70]) - upliftOf(model, [1, 20]))).toBeLessThan(0.05);
});

test('the parts and the base sum to the effect', () => {
  const model = trainUplift(differing(2));
  const parts = upliftParts(model, [1, 33]).reduce((sum, { contribution }) => sum + contribution, 0);
  expect(model.base + parts).toBeCloseTo(upliftOf(model, [1, 33]), 12);
});

test('the best half of the people gets the larger effect', () => {
  const trial = differing(3);
  const effects = crossFitted(trial);
  expect(upliftAt(0.5, effects, trial)).toBeGreaterThan(upliftAt(1, effects, trial) + 0.05);
});

test('sends to some where people differ and the others are not worth it', () => {
  const trial = differing(4);
  const targeting = targetingOf(trial, crossFitted(trial), { value: 10, cost: 1 });
  expect(targeting).toMatchObject({ advice: 'send_to_some', differs: true, threshold: 0.1 });
  expect(targeting.share).toBeGreaterThan(0.45);
  expect(targeting.share).toBeLessThan(0.55);
  expect(targeting.slope).toBeGreaterThan(0.8);
});

test('where nobody differs it says so 9 times in 10, and sends to all or none by the mean effect', () => {
  const found = Array.from({ length: 40 }, (_, seed) => {
    const trial = alike(100 + seed);
    return targetingOf(trial, crossFitted(trial), { value: 10, cost: 0.5 });
  });
  const silent = found.filter(({ differs }) => !differs);
  expect(silent.length).toBeGreaterThanOrEqual(36);
  expect(new Set(silent.map(({ advice }) => advice))).toEqual(new Set(['send_to_all']));
  const trial = alike(200);
  const effects = new Float64Array(PEOPLE).fill(0.1);
  expect(targetingOf(trial, effects, { value: 10, cost: 5 })).toMatchObject({ advice: 'send_to_none', differs: false });
});

test('the same trial and seed give the same bytes, and a trial without a comparison is refused', () => {
  const bytes = () => Buffer.from(crossFitted(differing(5)).buffer).toString('base64');
  expect(bytes()).toBe(bytes());
  const trial = differing(6);
  expect(() => trainUplift({ ...trial, treated: new Uint8Array(PEOPLE) })).toThrow('here nobody got it');
  expect(() => trainUplift({ ...trial, treated: new Uint8Array(PEOPLE).fill(1) })).toThrow('here everybody got it');
});
