import { createHash } from 'node:crypto';

/**
 * The rule of bargains, published so that anybody can check it: what each friend cuts is settled by a seed before the
 * first cut. The seed's SHA-256 is shown from the start, the seed itself when the bargain has ended.
 *
 * With n cuts of a sum S, friend i (from 1) has the weight w(i) = 1 + the first 32 bits of SHA-256(seed + ":" + i).
 * Each friend cuts one minor unit, and of the remaining S − n the share of the own weight: with W(i) = w(1) + … + w(i),
 * friend i cuts 1 + ⌊(S − n) · W(i) / W(n)⌋ − ⌊(S − n) · W(i − 1) / W(n)⌋. So all cuts together are S, to the minor
 * unit.
 */
export const cutsOf = (seed: string, total: number, count: number): number[] => {
  if (total < count) throw new RangeError(`${total} minor units cannot be cut ${count} times`);
  const weights = Array.from({ length: count }, (_, index) => weightOf(seed, index + 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  const shared = BigInt(total - count);
  let [weight, before] = [0n, 0n];
  return weights.map((own) => {
    weight += own;
    const until = (shared * weight) / all;
    const cut = Number(until - before) + 1;
    before = until;
    return cut;
  });
};

const weightOf = (seed: string, friend: number): bigint =>
  BigInt(createHash('sha256').update(`${seed}:${friend}`).digest().readUInt32BE(0)) + 1n;

/** What is shown of a seed before the bargain has ended: its SHA-256 in hexadecimal digits. */
export const commitmentOf = (seed: string): string => createHash('sha256').update(seed).digest('hex');
