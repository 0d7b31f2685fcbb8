import { z } from 'zod';
import { numberOf, type Value } from '../table.ts';
import { sigmoid, type Objective } from './objective.ts';

const objective = z.discriminatedUnion('is', [
  z.object({ is: z.literal('binary') }),
  z.object({ is: z.literal('mean') }),
  z.object({ is: z.literal('quantile'), share: z.number().gt(0).lt(1) }),
]);

/** One tree as parallel lists. Children come after their parent, so that every walk down ends. */
const tree = z
  .object({
    /** The column that a node asks; −1 in a leaf. */
    column: z.array(z.int().min(-1)),
    /** Rows with a value not above it go left. */
    threshold: z.array(z.number()),
    missingLeft: z.array(z.boolean()),
    left: z.array(z.int().min(0)),
    right: z.array(z.int().min(0)),
    /** Added to the score by a leaf; in other nodes the mean of the leaves below, by training rows. */
    value: z.array(z.number()),
  })
  .refine(
    ({ column, threshold, missingLeft, left, right, value }) =>
      column.length > 0 &&
      [threshold, missingLeft, left, right, value].every((list) => list.length === column.length) &&
      column.every((asked, node) =>
        asked < 0 ? true : [left, right].every((side) => (side[node] ?? 0) > node && (side[node] ?? 0) < column.length),
      ),
    'is no tree: lists of equal length, children after their parent',
  );

/** Boosted trees as the registry keeps them. */
export const treesModel = z
  .object({
    kind: z.literal('trees'),
    objective,
    names: z.array(z.string()),
    base: z.number(),
    trees: z.array(tree),
  })
  .refine(
    ({ names, trees }) => trees.every(({ column }) => column.every((asked) => asked < names.length)),
    'asks a column that has no name',
  );

export type Tree = z.infer<typeof tree>;
/** Boosted trees as plain data. */
export type TreesModel = z.infer<typeof treesModel>;

/** The model in a JSON value. Throws naming what is wrong with it. */
export const readTrees = (json: unknown): TreesModel => treesModel.parse(json);

/** Part of a score. */
export interface Contribution {
  name: string;
  /** In units of the raw score: log-odds of a binary model. */
  contribution: number;
}

/** A score with the parts that it is the sum of. */
export interface Explained {
  /** Log-odds of a binary model, else the prediction. */
  raw: number;
  /** Raw score of a row of which nothing is known: the mean over the training rows. */
  base: number;
  /** One for each column, in their order. */
  contributions: Contribution[];
}

/** A model made ready for scoring. */
export interface Scorer {
  names: readonly string[];
  /** Log-odds of a binary model, else the prediction. Takes the values in the order of `names`, NaN for not known. */
  raw: (row: ArrayLike<number>) => number;
  /** The probability of a binary model, else the prediction. */
  score: (row: ArrayLike<number>) => number;
  /** The path through each tree, step by step, credited to the column that is asked (Saabas 2014): sums to `raw`. */
  explain: (row: ArrayLike<number>) => Explained;
}

const next = (tree: Tree, node: number, value: number): number => {
  const left = Number.isNaN(value) ? tree.missingLeft[node] : value <= (tree.threshold[node] ?? 0);
  return (left ? tree.left[node] : tree.right[node]) ?? 0;
};

const leafValue = (tree: Tree, row: ArrayLike<number>): number => {
  let node = 0;
  for (let column = tree.column[0] ?? -1; column >= 0; column = tree.column[node] ?? -1)
    node = next(tree, node, row[column] ?? NaN);
  return tree.value[node] ?? 0;
};

const credit = (tree: Tree, row: ArrayLike<number>, parts: Float64Array): void => {
  let node = 0;
  for (let column = tree.column[0] ?? -1; column >= 0; column = tree.column[node] ?? -1) {
    const child = next(tree, node, row[column] ?? NaN);
    parts[column] = (parts[column] ?? 0) + (tree.value[child] ?? 0) - (tree.value[node] ?? 0);
    node = child;
  }
};

const linkOf = ({ is }: Objective): ((raw: number) => number) => (is === 'binary' ? sigmoid : (raw) => raw);

/** Makes a model ready for scoring. */
export const scorerOf = ({ names, trees, base, objective }: TreesModel): Scorer => {
  const raw = (row: ArrayLike<number>): number => trees.reduce((sum, tree) => sum + leafValue(tree, row), base);
  const link = linkOf(objective);
  const mean = trees.reduce((sum, { value }) => sum + (value[0] ?? 0), base);
  return {
    names,
    raw,
    score: (row) => link(raw(row)),
    explain: (row) => {
      const parts = new Float64Array(names.length);
      for (const tree of trees) credit(tree, row, parts);
      const contributions = names.map((name, column) => ({ name, contribution: parts[column] ?? 0 }));
      return { raw: raw(row), base: mean, contributions };
    },
  };
};

/** Named values in the order that a model takes them; a name that is absent is not known. */
export const vectorOf = (names: readonly string[], values: Readonly<Record<string, Value>>): Float64Array =>
  Float64Array.from(names, (name) => numberOf(name, values[name]));
