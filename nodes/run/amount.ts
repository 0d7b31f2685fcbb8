/** From an amount as people write it (19.99) to whole minor units, exactly. Pure. */
import { decimalsOf } from '../../microservices/chassis/contract/iso.ts';
import { asObject, shown } from './given.ts';

export interface WholeAmount {
  amount: number;
  currency: string;
}

/** An amount of the platform: minor units beside their currency. */
export const isWholeAmount = (value: unknown): value is WholeAmount => {
  const { amount, currency } = asObject(value);
  return typeof amount === 'number' && Number.isInteger(amount) && /^[A-Z]{3}$/.test(String(currency));
};

/** A number or text in major units as minor units of the currency, or why it cannot be, in words. */
export const toMinorUnits = (given: unknown, currency: string): { minor: number } | { fault: string } => {
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : '';
  const decimals = decimalsOf(currency);
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return tinyFraction(given, decimals) ?? { fault: notAnAmount(given) };
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > decimals)
    return (
      tinyFraction(given, decimals) ?? {
        fault: `${text} ${currency} has ${digits.length} decimals, and ${currency} has ${decimals === 0 ? 'none' : decimals}. Round it.`,
      }
    );
  const minor = Number(`${sign}${whole}${digits.padEnd(decimals, '0')}`);
  return Number.isSafeInteger(minor)
    ? { minor: minor === 0 ? 0 : minor }
    : { fault: `${text} ${currency} is too large to be kept exactly.` };
};

/** A calculated number such as 0.1 + 0.2 is a hair beside the amount that is meant. */
const tinyFraction = (given: unknown, decimals: number): { minor: number } | undefined => {
  if (typeof given !== 'number' || !Number.isFinite(given)) return undefined;
  const exact = given * 10 ** decimals;
  const near = Math.round(exact);
  const isNear = Math.abs(exact - near) <= Math.abs(exact) * 1e-12 + 1e-9;
  return isNear && Number.isSafeInteger(near) ? { minor: near === 0 ? 0 : near } : undefined;
};

const notAnAmount = (given: unknown): string =>
  typeof given === 'string' && given.includes(',')
    ? `${shown(given)} is not an amount: write it with a point and without separators, for example 1234.50.`
    : `${shown(given)} is not an amount. Write it like 19.99, or take the whole amount of an event.`;

const AMOUNT = /\??\.amount\b|\[\s*(?:'amount'|"amount")\s*\]/g;
const PATH = /\$\w*(?:\((?:'[^']*'|"[^"]*"|\d*)\))?(?:\??\.\w+(?:\(\d*\))?|\[(?:'[^']*'|"[^"]*"|\d+)\])*$/;

/**
 * What an expression for a number takes out of an amount of the platform: its bare `amount` counts minor units, so the
 * same digits would mean a hundred times as much. `whole` when the expression is nothing but that number; `mixed` when
 * it calculates with it without dividing.
 */
export const bareAmount = (
  raw: unknown,
  evaluate: (expression: string) => unknown,
): { whole: WholeAmount } | { mixed: string } | undefined => {
  if (typeof raw !== 'string' || !raw.startsWith('=')) return undefined;
  for (const { index, 0: end } of raw.matchAll(AMOUNT)) {
    const path = PATH.exec(raw.slice(0, index))?.[0];
    if (path === undefined) continue;
    const around = evaluate(`{{ ${path} }}`);
    if (!isWholeAmount(around)) continue;
    if (raw.slice(1).replace(/\s/g, '') === `{{${path}${end}}}`.replace(/\s/g, '')) return { whole: around };
    if (!raw.includes('/')) return { mixed: path };
  }
  return undefined;
};
