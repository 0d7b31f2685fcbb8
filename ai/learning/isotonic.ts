import type { Judged } from './metrics.ts';

interface Block {
  /** The highest score of the block. */
  upTo: number;
  count: number;
  positives: number;
}

/**
 * The increasing step function of the score that is nearest to what was observed (pool adjacent violators: Ayer et al.
 * 1955): a calibration that keeps the ranking. Above the highest known score it returns the last step.
 */
export const isotonicCalibration = (judged: readonly Judged[]): ((score: number) => number) => {
  const blocks: Block[] = [];
  for (const { score, positive } of judged.toSorted((left, right) => left.score - right.score)) {
    const before = blocks.at(-1);
    // Equal scores are one block: a function cannot tell them apart.
    if (before?.upTo === score) {
      before.count += 1;
      before.positives += Number(positive);
    } else blocks.push({ upTo: score, count: 1, positives: Number(positive) });
  }
  const pooled = pool(blocks);
  return (score) => {
    const block = pooled.find(({ upTo }) => score <= upTo) ?? pooled.at(-1);
    return block ? rate(block) : score;
  };
};

const rate = ({ count, positives }: Block): number => positives / count;

const pool = (blocks: readonly Block[]): Block[] => {
  const pooled: Block[] = [];
  for (const block of blocks) {
    let last = block;
    for (let before = pooled.at(-1); before && rate(before) >= rate(last); before = pooled.at(-1)) {
      pooled.pop();
      last = { upTo: last.upTo, count: before.count + last.count, positives: before.positives + last.positives };
    }
    pooled.push(last);
  }
  return pooled;
};
