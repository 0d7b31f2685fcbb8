/** Returns numbers in [0, 1), one a call. */
export type Random = () => number;

/** Numbers that depend on the seed alone (mulberry32): not for secrets, the same on every machine. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A share of the numbers 0 … size − 1, at least one of them, drawn without replacement, in ascending order. */
export const sampleOf = (size: number, share: number, random: Random): Int32Array => {
  let wanted = Math.max(1, Math.min(size, Math.round(size * share)));
  const drawn = new Int32Array(wanted);
  let at = 0;
  // Selection sampling (Knuth, TAOCP 3.4.2 S): each number is taken with the chance that is still to be filled.
  for (let one = 0; one < size && wanted > 0; one += 1) {
    if (random() * (size - one) >= wanted) continue;
    drawn[at] = one;
    at += 1;
    wanted -= 1;
  }
  return drawn;
};
