import type { Money } from './contract/index.ts';
import { decimalsOf } from './contract/iso.ts';

export class CurrencyMismatch extends Error {
  constructor(left: Money, right: Money) {
    super(`Amounts of ${left.currency} and ${right.currency} cannot be combined: convert one of them first.`);
    this.name = 'CurrencyMismatch';
  }
}

const sameCurrency = (left: Money, right: Money): void => {
  if (left.currency !== right.currency) throw new CurrencyMismatch(left, right);
};

const exact = (amount: number, currency: string): Money => {
  if (!Number.isSafeInteger(amount)) {
    throw new RangeError(
      `${amount} ${currency} is not an exact number of minor units: amounts go up to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  // Zero has one form: -0 would survive in memory and vanish in JSON.
  return { amount: amount === 0 ? 0 : amount, currency };
};

/** "5.00 EUR", "500 JPY": an amount as people read it, in messages; shops write it by their customers' language. */
export const inWords = ({ amount, currency }: Money): string => {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''} ${currency}`;
};

export const zero = (currency: string): Money => ({ amount: 0, currency });

/** left + right. Throws CurrencyMismatch, or RangeError beyond 2^53 minor units. */
export const add = (left: Money, right: Money): Money => {
  sameCurrency(left, right);
  return exact(left.amount + right.amount, left.currency);
};

/** left − right. Throws like add. */
export const subtract = (left: Money, right: Money): Money => {
  sameCurrency(left, right);
  return exact(left.amount - right.amount, left.currency);
};

/** Times a whole number, for example a quantity. Throws RangeError for a fraction or beyond 2^53 minor units. */
export const multiply = (value: Money, times: number): Money => {
  if (!Number.isSafeInteger(times)) {
    throw new RangeError(`Money is multiplied by whole numbers only, not by ${times}; for a percentage use share.`);
  }
  return exact(value.amount * times, value.currency);
};

/** The sum of a list, which may be empty: the currency says of what. */
export const sum = (values: readonly Money[], currency: string): Money => values.reduce(add, zero(currency));

/** Negative, zero or positive as left is less than, equal to or more than right. */
export const compare = (left: Money, right: Money): number => {
  sameCurrency(left, right);
  return left.amount - right.amount;
};

/**
 * A share of an amount in whole basis points (1/100 %), rounded half away from zero as tax offices ask. BigInt keeps it
 * exact and throws RangeError for a fraction.
 */
export const share = (value: Money, basisPoints: number): Money => {
  const product = BigInt(value.amount) * BigInt(basisPoints);
  const half = product < 0n ? -5_000n : 5_000n;
  return exact(Number((product + half) / 10_000n), value.currency);
};

/**
 * Splits an amount by weights so that the parts sum to it exactly (largest remainder method, ties to the earlier part).
 * Weights are non-negative integers; when all are zero the whole goes to the first part. Throws RangeError for other
 * weights, and for money that has no part to go to.
 */
export const allocate = (value: Money, weights: readonly number[]): Money[] => {
  if (weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0)) {
    throw new RangeError(`Weights are whole numbers of zero or more, not ${weights.join(', ')}.`);
  }
  if (weights.length === 0 && value.amount !== 0) {
    throw new RangeError(`${value.amount} ${value.currency} cannot be split into no parts.`);
  }
  const total = weights.reduce((sumSoFar, weight) => sumSoFar + BigInt(weight), 0n);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? value : zero(value.currency)));
  const amount = BigInt(value.amount);
  const sign = amount < 0n ? -1n : 1n;
  const parts = weights.map((weight, index) => {
    const product = amount * sign * BigInt(weight);
    return { index, floor: product / total, remainder: product % total };
  });
  let missing = amount * sign - parts.reduce((sumSoFar, part) => sumSoFar + part.floor, 0n);
  for (const part of parts.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
  )) {
    if (missing === 0n) break;
    part.floor += 1n;
    missing -= 1n;
  }
  return parts.map((part) => exact(Number(part.floor * sign), value.currency));
};
