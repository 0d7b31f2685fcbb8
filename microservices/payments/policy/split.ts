import { allocate } from '../../chassis/money.ts';

export interface WantedPart {
  /** Fixed, in minor units; without it the part has a share of what the fixed ones leave. */
  amount?: number | undefined;
  weight: number;
}

/**
 * The amounts of the parts, which sum to the total exactly (largest remainder first). Undefined when the fixed ones
 * come to more or less than that, or a part would get nothing.
 */
export const splitAmount = (total: number, parts: readonly WantedPart[], currency: string): number[] | undefined => {
  const fixed = parts.reduce((sum, { amount = 0 }) => sum + amount, 0);
  const shares = parts.filter(({ amount }) => amount === undefined);
  const rest = total - fixed;
  if (rest < 0 || (shares.length === 0 && rest !== 0)) return undefined;
  const shared = allocate(
    { amount: rest, currency },
    shares.map(({ weight }) => weight),
  ).map(({ amount }) => amount);
  const amounts = parts.map(({ amount }) => amount ?? shared.shift() ?? 0);
  return amounts.every((amount) => amount > 0) ? amounts : undefined;
};

/** Takes an amount from what each part has, in this order; undefined when they have less in all. */
export const takeInOrder = (amount: number, available: readonly number[]): number[] | undefined => {
  let left = amount;
  const taken = available.map((has) => {
    const some = Math.min(Math.max(0, has), left);
    left -= some;
    return some;
  });
  return left === 0 ? taken : undefined;
};
