import fc from 'fast-check';
import { seededRandom } from './random.ts';
import { rowOf, rowsOf, tableOf, type Table } from './table.ts';
import { readTrees, scorerOf, vectorOf, type Scorer } from './trees/model.ts';
import { lossOf, quantileOf } from './trees/objective.ts';
import { trainTrees, type Examples } from './trees/train.ts';

/** Two columns that matter, one that does not; a tenth of the values is not known. */
const madeUp = (rows: number, seed: number, targetOf: (a: number, b: number, chance: number) => number): Examples => {
  const random = seededRandom(seed);
  const known = (): number => (random() < 0.1 ? NaN : random());
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: rows }, known));
  const [a, b] = columns;
  const targets = Float64Array.from({ length: rows }, (_, row) => targetOf(a?.[row] ?? 0, b?.[row] ?? 0, random()));
  return { table: { names: ['a', 'b', 'noise'], columns, rows }, targets };
};

/** More often 1 where a is large or not known, and b is small. */
const chanceOf = (a: number, b: number): number =>
  (Number.isNaN(a) ? 0.8 : a * a) * (Number.isNaN(b) ? 0.5 : 1 - b * 0.9);
const binary = (rows: number, seed: number): Examples =>
  madeUp(rows, seed, (a, b, chance) => Number(chance < chanceOf(a, b)));

const rawScores = ({ table }: { table: Table }, scorer: Scorer): Float64Array =>
  Float64Array.from({ length: table.rows }, (_, row) => scorer.raw(rowOf(table, row)));

const SMALL = { trees: 40, leaves: 8, rowShare: 0.8, columnShare: 0.7 };
const binaryModel = trainTrees(binary(3_000, 1), { is: 'binary' }, SMALL);
const unknownOr = fc.oneof(fc.constant(NaN), fc.double({ min: -1, max: 2, noNaN: true }));
const anyRow = fc.tuple(unknownOr, unknownOr, unknownOr);

describe('boosted trees', () => {
  test('come close to the best possible loss on rows that they have not seen, and find what matters', () => {
    const unseen = binary(3_000, 2);
    const scorer = scorerOf(binaryModel);
    const loss = lossOf({ is: 'binary' }, unseen.targets, rawScores(unseen, scorer));
    const [a, b] = unseen.table.columns;
    const best = Float64Array.from({ length: 3_000 }, (_, row) => {
      const chance = Math.min(1 - 1e-9, Math.max(1e-9, chanceOf(a?.[row] ?? 0, b?.[row] ?? 0)));
      return Math.log(chance / (1 - chance));
    });
    const least = lossOf({ is: 'binary' }, unseen.targets, best);
    const constant = lossOf({ is: 'binary' }, unseen.targets, new Float64Array(3_000).fill(binaryModel.base));
    expect((constant - loss) / (constant - least)).toBeGreaterThan(0.9);
    expect(scorer.score([NaN, 0, NaN])).toBeGreaterThan(scorer.score([0.5, 0, NaN]));
  });

  test('give the same bytes for the same seed, others for another', () => {
    const train = (seed: number) => JSON.stringify(trainTrees(binary(500, 3), { is: 'binary' }, { ...SMALL, seed }));
    expect(train(1)).toBe(train(1));
    expect(train(1)).not.toBe(train(2));
  });

  test('score the same after a trip through JSON, and contributions sum to the score', () => {
    const [before, after] = [scorerOf(binaryModel), scorerOf(readTrees(JSON.parse(JSON.stringify(binaryModel))))];
    fc.assert(
      fc.property(anyRow, (row) => {
        expect(after.raw(row)).toBe(before.raw(row));
        const { raw, base, contributions } = after.explain(row);
        expect(contributions.reduce((sum, { contribution }) => sum + contribution, base)).toBeCloseTo(raw, 9);
      }),
    );
  });

  test('keep to the direction that was asked for, for probabilities and quantiles', () => {
    const monotone = { a: 1, b: -1 } as const;
    const models = [
      trainTrees(binary(1_500, 4), { is: 'binary' }, { ...SMALL, monotone }),
      // Against what the data says, so that the constraint has work to do.
      trainTrees(
        madeUp(1_500, 5, (a, _, chance) => chance - (a || 0)),
        { is: 'mean' },
        { ...SMALL, monotone },
      ),
      trainTrees(
        madeUp(1_500, 6, (a, b, chance) => (a || 0) * chance + (b || 0)),
        { is: 'quantile', share: 0.8 },
        { ...SMALL, monotone },
      ),
    ].map(scorerOf);
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(value, value, unknownOr, unknownOr, (one, other, second, third) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        for (const { raw } of models) {
          expect(raw([high, second, third])).toBeGreaterThanOrEqual(raw([low, second, third]) - 1e-12);
          expect(raw([second, high, third])).toBeLessThanOrEqual(raw([second, low, third]) + 1e-12);
        }
      }),
    );
  });

  test('learn the asked share: a quantile lies above so many of the unseen targets', () => {
    const noisy = (seed: number) => madeUp(3_000, seed, (a, _, chance) => (Number.isNaN(a) ? 5 : 10 * a) + chance * 4);
    for (const share of [0.1, 0.5, 0.9]) {
      const scorer = scorerOf(trainTrees(noisy(7), { is: 'quantile', share }, { ...SMALL, trees: 80 }));
      const unseen = noisy(8);
      const below = unseen.targets.filter((target, row) => target <= scorer.raw(rowOf(unseen.table, row))).length;
      expect(Math.abs(below / 3_000 - share)).toBeLessThan(0.04);
    }
  });

  test('stop where more trees no longer help on the validation rows', () => {
    const options = { ...SMALL, trees: 300, learningRate: 0.5, patience: 10 };
    const model = trainTrees(binary(400, 9), { is: 'binary' }, options, binary(400, 10));
    expect(model.trees.length).toBeGreaterThan(0);
    expect(model.trees.length).toBeLessThan(100);
  });

  test('learn nothing but the mean from one row, equal rows or unknown values', () => {
    for (const column of [[1], [2, 2, 2], [NaN, NaN]]) {
      const table = { names: ['x'], columns: [Float64Array.from(column)], rows: column.length };
      const targets = Float64Array.from(column, (_, row) => row % 2);
      const { trees } = trainTrees({ table, targets }, { is: 'mean' }, { trees: 3, minRows: 1 });
      expect(trees.every(({ column: asked }) => asked.length === 1)).toBe(true);
    }
  });

  test('cut many values, repeated ones and a wide range apart', () => {
    const random = seededRandom(11);
    const column = Float64Array.from({ length: 4_000 }, () =>
      random() < 0.5 ? 0 : (random() - 0.5) * 10 ** (random() * 20),
    );
    const targets = column.map((value) => Number(value > 0));
    const table = { names: ['x'], columns: [column], rows: column.length };
    const { raw } = scorerOf(trainTrees({ table, targets }, { is: 'mean' }, { trees: 1, learningRate: 1, lambda: 0 }));
    expect(column.filter((value, row) => Math.round(raw([value])) === targets[row]).length).toBeGreaterThan(3_950);
  });
});

test('wrong input is refused with the reason', () => {
  const { table, targets } = binary(50, 12);
  expect(() => trainTrees({ table, targets: targets.slice(1) }, { is: 'binary' })).toThrow('50 rows and 49 targets');
  expect(() => trainTrees({ table, targets: targets.map(() => 2) }, { is: 'binary' })).toThrow(
    'row 0 is 2. Give 0 or 1',
  );
  expect(() => trainTrees({ table: rowsOf(table, []), targets: new Float64Array() }, { is: 'mean' })).toThrow(
    'no rows',
  );
  expect(() => trainTrees({ table, targets }, { is: 'binary' }, { monotone: { z: 1 } })).toThrow('no column "z"');
  expect(() => tableOf(['x'], [{ x: Infinity }])).toThrow('"x" is Infinity');
  const circle = { column: [0], threshold: [1], missingLeft: [true], left: [0], right: [0], value: [0] };
  expect(() => readTrees({ ...binaryModel, trees: [circle] })).toThrow('children after their parent');
  expect(() => readTrees({ ...binaryModel, names: [] })).toThrow('no name');
});

test('named values become a row: true is 1, null and what is absent are not known', () => {
  expect([...vectorOf(['a', 'b', 'c', 'd'], { a: true, b: null, d: 2.5 })]).toEqual([1, NaN, NaN, 2.5]);
  expect(quantileOf(Float64Array.of(3, 1, 2), 0.5)).toBe(2);
});
