/** Amounts of money from the form. Pure: what cannot be read is a fault in words. */
import { bareAmount, isWholeAmount, toMinorUnits } from './amount.ts';
import { asObject, isEmpty, part, shown, unlocated, type Given } from './given.ts';

export interface MoneyReading {
  /** Version 1 of the nodes takes whole minor units, later ones take what people write. */
  unit: 'minor' | 'major';
  /** The shop's own currency; undefined as long as nobody asked for it. */
  shopCurrency?: string | undefined;
  /** Asks the workflow for another expression of the same item. */
  evaluate: (expression: string) => unknown;
}

/** The amount; `left out`; a fault; or the shop's currency is needed first. */
export type ReadMoney = { money: unknown } | { fault: string } | 'left out' | 'needs the shop’s currency';

/** Two fields, or one whole amount that an expression gave; inside a collection both lie in a group of their own. */
export const readMoney = (name: string, given: Given, beside: Given, reading: MoneyReading): ReadMoney => {
  const group = part(given, 'money');
  if ('money' in asObject(given.value))
    return readTwo(part(group, name), part(group, `${name}Currency`), reading, true);
  return readTwo(given, beside, reading, false);
};

const readTwo = (given: Given, beside: Given, reading: MoneyReading, added: boolean): ReadMoney => {
  const currency = codeOf(beside.value);
  const value = unlocated(given.value);
  if ('amount' in asObject(value) && 'currency' in asObject(value)) return whole(asObject(value), currency, reading);
  if (isEmpty(value) || (currency === '' && value === 0 && !added)) return 'left out';
  if (reading.unit === 'minor')
    return { money: { amount: typeof value === 'string' ? Number(value) : value, currency: currency || beside.value } };
  const bare = bareAmount(given.raw, reading.evaluate);
  if (bare && 'whole' in bare) return whole({ ...bare.whole }, currency, reading);
  if (bare) return { fault: mixed(bare.mixed) };
  const meant = currency || reading.shopCurrency;
  if (meant === undefined) return 'needs the shop’s currency';
  const minor = toMinorUnits(value, meant);
  return 'fault' in minor ? minor : { money: { amount: minor.minor, currency: meant } };
};

/** A whole amount brings its currency; another one beside it is a contradiction, not a conversion. */
const whole = (value: Record<string, unknown>, currency: string, { unit }: MoneyReading): ReadMoney => {
  const amount = { amount: value['amount'], currency: value['currency'] };
  if (unit === 'major' && currency !== '' && currency !== amount.currency)
    return {
      fault: `The amount is in ${shown(amount.currency)}, and the currency beside it is ${currency}. Leave the currency empty to take the one of the amount.`,
    };
  return { money: amount };
};

const mixed = (path: string): string =>
  `The expression calculates with ${path}.amount, which counts minor units (cents). Give a whole amount, for example {{ { amount: Math.round(${path}.amount * 0.05), currency: ${path}.currency } }}, or divide it (/ 100).`;

const codeOf = (given: unknown): string => {
  const value = unlocated(given);
  return typeof value === 'string' ? value.trim().toUpperCase() : '';
};

/** An amount whose currency is another input. `asked` names that input where a default would be a guess. */
export const readMinorUnits = (
  given: Given,
  currency: unknown,
  reading: MoneyReading,
  asked: string | undefined,
): { minor: unknown } | Exclude<ReadMoney, { money: unknown }> => {
  const { value } = given;
  if (isEmpty(value)) return 'left out';
  const code = codeOf(currency);
  if (isWholeAmount(value))
    return code !== '' && code !== value.currency
      ? { fault: `The amount is in ${value.currency}, and the currency is ${code}.` }
      : { minor: value.amount };
  if (reading.unit === 'minor') return { minor: value };
  const bare = bareAmount(given.raw, reading.evaluate);
  if (bare) return 'whole' in bare ? { minor: bare.whole.amount } : { fault: mixed(bare.mixed) };
  if (code === '' && asked !== undefined)
    return { fault: `Add ${asked} too: it says how many decimals the amount has.` };
  const meant = code || reading.shopCurrency;
  return meant === undefined ? 'needs the shop’s currency' : toMinorUnits(value, meant);
};
