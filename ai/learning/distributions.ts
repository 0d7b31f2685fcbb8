import type { Random } from './random.ts';

/** A number of the standard normal distribution (Box and Muller 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A number of the gamma distribution with scale 1 (Marsaglia and Tsang 2000). */
const gamma = (shape: number, random: Random): number => {
  // Below 1 the method does not hold; a number of shape + 1, made smaller, has the right distribution.
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
};

/** A number of the beta distribution: a share, after so many hits and misses. Throws unless both are above 0. */
export const beta = (hits: number, misses: number, random: Random): number => {
  if (!(hits > 0 && misses > 0))
    throw new Error(`A beta distribution needs counts above 0, not ${hits} and ${misses}.`);
  const [left, right] = [gamma(hits, random), gamma(misses, random)];
  return left / (left + right);
};
