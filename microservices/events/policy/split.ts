import { createHash } from 'node:crypto';

const PARTS = 1_000_000;

/**
 * The branch that a hash of the split and the subject falls into: the same for the same names and shares. Shares are
 * percent and come to 100.
 */
export const branchOf = (
  split: string,
  subject: string,
  branches: readonly { name: string; percent: number }[],
): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([split, subject]))
    .digest();
  const place = (digest.readUIntBE(0, 6) % PARTS) / PARTS;
  let end = 0;
  for (const { name, percent } of branches) {
    end += percent / 100;
    if (place < end) return name;
  }
  return branches.at(-1)?.name ?? '';
};
