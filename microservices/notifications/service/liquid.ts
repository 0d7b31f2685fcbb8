import { decimalsOf } from '../../chassis/contract/iso.ts';
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

/**
 * `{{ order.total | money }}`: an amount in minor units as people of the message's language write it; text stays as it
 * is.
 */
const asMoney = (value: unknown, locale: unknown): unknown => {
  if (value === null || typeof value !== 'object' || !('amount' in value) || !('currency' in value)) return value;
  const { amount, currency } = value;
  if (typeof amount !== 'number' || typeof currency !== 'string') return value;
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
