import { decimalsOf } from '../../../chassis/contract/iso.ts';

/** "1.299,90" as "1299.90", the way a number with a decimal comma is written; other texts as they are. */
export const withPoint = (text: string): string =>
  /^[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text;

/** "19.99" as minor units of a currency, or a sentence that says why not. Exact: no binary fractions are involved. */
export const minorUnits = (text: string, currency: string): number | string => {
  const match = /^(\d{1,12})(?:\.(\d{1,20}))?$/.exec(text);
  if (!match && /^\d{1,12},\d{2}$/.test(text)) return minorUnits(text.replace(',', '.'), currency);
  if (!match)
    return 'This is not an amount: write it with a point and without thousands separators, for example 1299.00';
  const decimals = decimalsOf(currency);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) return `This has more decimals than ${currency} has (${decimals})`;
  const amount = Number(`${match[1]}${fraction.padEnd(decimals, '0')}`);
  return amount <= 100_000_000_000 ? amount : 'This is more than a price can be';
};
