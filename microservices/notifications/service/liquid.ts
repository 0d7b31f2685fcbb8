import type { Money } from '../../chassis/contract/index.ts';
import { CURRENCY_DECIMALS, decimalsOf } from '../../chassis/contract/iso.ts';
import { Liquid } from 'liquidjs';
import type { TemplateData } from '../contract.ts';

/** The texts of a template, with placeholders. */
export interface Words {
  subject: string;
  text: string;
  html: string | null;
}

export type Part = 'subject' | 'text' | 'html';

/** A fault of a template or its values: which part, and the engine's message with line and column. */
export interface LiquidFault {
  part: Part;
  message: string;
}

export type Written = { ok: true; words: Words } | { ok: false; fault: LiquidFault };

/** Called before each part, so that others know where a template takes long. */
type OnPart = (part: Part) => void;

const MAX_SUBJECT = 300;

// A template cannot read files, run for long, take much memory or look behind the values it is given.
const limits = {
  parseLimit: 300_000,
  renderLimit: 1_000,
  memoryLimit: 5_000_000,
  templates: {},
  ownPropertyOnly: true,
};
const strict = { strictVariables: true, strictFilters: true, lenientIf: true };
const plain = new Liquid({ ...limits, ...strict });
const escaping = new Liquid({ ...limits, ...strict, outputEscape: 'escape' });

const engineOf = (part: Part): Liquid => (part === 'html' ? escaping : plain);

const moneyOf = (value: unknown): Money | undefined => {
  if (value === null || typeof value !== 'object' || !('amount' in value) || !('currency' in value)) return undefined;
  const { amount, currency } = value;
  const isWhole = typeof amount === 'number' || (typeof amount === 'string' && /^-?\d{1,15}$/.test(amount));
  return isWhole && typeof currency === 'string' ? { amount: Number(amount), currency } : undefined;
};

/** The money that a text such as 19.90 EUR or EUR 19.90 names; undefined where it names none for sure. */
const moneyIn = (text: string): Money | undefined => {
  const found = /^(?:([A-Z]{3}) )?(-?\d{1,12})(?:\.(\d{1,4}))?(?: ([A-Z]{3}))?$/.exec(text.trim());
  const [, before, whole = '', fraction = '', after] = found ?? [];
  const code = before ?? after ?? '';
  if (!found || (before !== undefined && after !== undefined) || !CURRENCY_DECIMALS.has(code)) return undefined;
  const decimals = decimalsOf(code);
  return fraction.length > decimals
    ? undefined
    : { amount: Number(`${whole}${fraction.padEnd(decimals, '0')}`), currency: code };
};

/**
 * `{{ order.total | money }}`: an amount in minor units, or a text such as 19.90 EUR, as people of the message's
 * language write it. Any other text stays as it is.
 */
const asMoney = (value: unknown, locale: unknown): unknown => {
  const money = typeof value === 'string' ? moneyIn(value) : moneyOf(value);
  if (!money) return value;
  const { amount, currency } = money;
  // By ISO 4217, as amounts are kept: for some currencies ICU's own habit has fewer decimals.
  const digits = decimalsOf(currency);
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const language = typeof locale === 'string' ? locale : 'en';
  return new Intl.NumberFormat(language, { style: 'currency', currency, ...decimals }).format(amount / 10 ** digits);
};
for (const engine of [plain, escaping]) {
  engine.registerFilter('money', function money(value: unknown) {
    return asMoney(value, this.context.getSync(['locale']));
  });
}

/** Reads a template without filling it in; returns what is wrong with it. */
export const checkWords = (words: Words, onPart: OnPart = () => undefined): LiquidFault | undefined => {
  for (const [part, source] of partsOf(words)) {
    onPart(part);
    try {
      engineOf(part).parse(source);
    } catch (error) {
      return faultOf(part, error);
    }
  }
  return undefined;
};

/**
 * Fills a template in. A value that it names and that is not there is a fault, unless it stands in an `if` or has a
 * `default`.
 */
export const writeWords = (words: Words, scope: TemplateData, onPart: OnPart = () => undefined): Written => {
  const written: Partial<Record<Part, string>> = {};
  for (const [part, source] of partsOf(words)) {
    onPart(part);
    try {
      const engine = engineOf(part);
      written[part] = String(engine.renderSync(engine.parse(source), scope));
    } catch (error) {
      return { ok: false, fault: faultOf(part, error) };
    }
  }
  const subject = (written.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_SUBJECT).toWellFormed();
  if (subject === '') return { ok: false, fault: { part: 'subject', message: 'it is empty with these values' } };
  return { ok: true, words: { subject, text: written.text ?? '', html: written.html ?? null } };
};

const partsOf = ({ subject, text, html }: Words): [Part, string][] => [
  ['subject', subject],
  ['text', text],
  ...(html === null ? [] : [['html', html] as [Part, string]]),
];

const faultOf = (part: Part, error: unknown): LiquidFault => ({
  part,
  message: (error instanceof Error ? error.message : String(error)).slice(0, 500),
});

/** The segments of every value that a template names and does not assign itself, parts in order. It must be valid. */
export const namedIn = (words: Words): unknown[][] =>
  partsOf(words).flatMap(([part, source]) => {
    const engine = engineOf(part);
    return engine.globalVariableSegmentsSync(engine.parse(source));
  });
