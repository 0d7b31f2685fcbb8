import { z } from 'zod';
import { currency } from '../chassis/contract/index.ts';
import { locale } from './contract/values.ts';

/** How this shop keeps its catalog. */
export interface CatalogSettings {
  /** The language that texts are read in when a caller names none, and that imports write to. */
  locale: string;
  /** The currency of prices when a caller names none. */
  currency: string;
}

const schema = z.object({ CATALOG_LOCALE: locale.default('en'), CATALOG_CURRENCY: currency.default('EUR') });

/** Reads CATALOG_LOCALE and CATALOG_CURRENCY; throws naming the variable, what it holds and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): CatalogSettings => {
  const read = schema.safeParse(environment);
  if (read.success) return { locale: read.data.CATALOG_LOCALE, currency: read.data.CATALOG_CURRENCY };
  const [issue] = read.error.issues;
  const name = String(issue?.path[0]);
  throw new Error(`${name} holds "${environment[name] ?? ''}": ${issue?.message ?? 'it cannot be read'}.`);
};
