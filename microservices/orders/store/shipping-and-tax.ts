import type { z } from 'zod';
import type { Queryable } from '../../chassis/database/index.ts';
import type { shippingMethod, taxRate } from '../contract/shipping-and-tax.ts';

export type ShippingMethodRow = z.infer<typeof shippingMethod>;
export type TaxRateRow = z.infer<typeof taxRate>;

const METHOD = `code, currency, title, tax_inclusive AS "taxInclusive", tax_category AS "taxCategory", rates, active, version`;

/** The version of a shipping method, locked; undefined when there is none. */
export const lockShippingMethod = async (tx: Queryable, code: string, currency: string): Promise<number | undefined> =>
  (
    await tx.maybeOne<{ version: number }>(
      'SELECT version FROM shipping_method WHERE code = $1 AND currency = $2 FOR UPDATE',
      [code, currency],
    )
  )?.version;

/** Writes a locked or new shipping method; false when another transaction made it first. */
export const setShippingMethod = async (tx: Queryable, method: ShippingMethodRow): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO shipping_method (code, currency, title, tax_inclusive, tax_category, rates, active, version)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)
     ON CONFLICT (code, currency) DO UPDATE SET title = EXCLUDED.title, tax_inclusive = EXCLUDED.tax_inclusive,
       tax_category = EXCLUDED.tax_category, rates = EXCLUDED.rates, active = EXCLUDED.active, version = EXCLUDED.version
     WHERE shipping_method.version = EXCLUDED.version - 1`,
    [
      method.code,
      method.currency,
      method.title,
      method.taxInclusive,
      method.taxCategory,
      JSON.stringify(method.rates),
      method.active,
      method.version,
    ],
  )) === 1;

export const listShippingMethods = (
  database: Queryable,
  filter: { currency?: string | undefined; active?: boolean | undefined },
): Promise<ShippingMethodRow[]> =>
  database.rows<ShippingMethodRow>(
    `SELECT ${METHOD} FROM shipping_method WHERE ($1::text IS NULL OR currency = $1) AND ($2::boolean IS NULL OR active = $2) ORDER BY code, currency`,
    [filter.currency ?? null, filter.active ?? null],
  );

/** What a quote's shipping and tax follow: the active methods in its currency and the rates of its country. */
export const findQuoteRules = (
  database: Queryable,
  currency: string,
  country: string,
): Promise<{ methods: ShippingMethodRow[]; rates: TaxRateRow[] }> =>
  database.one(
    `SELECT
       (SELECT coalesce(json_agg(found ORDER BY found.code), '[]')
        FROM (SELECT ${METHOD} FROM shipping_method WHERE currency = $1 AND active) AS found) AS methods,
       (SELECT coalesce(json_agg(found ORDER BY found.category), '[]')
        FROM (SELECT country, category, rate, title FROM tax_rate WHERE country = $2) AS found) AS rates`,
    [currency, country],
  );

export const deleteShippingMethod = async (tx: Queryable, code: string, currency: string): Promise<boolean> =>
  (await tx.run('DELETE FROM shipping_method WHERE code = $1 AND currency = $2', [code, currency])) === 1;

export const setTaxRate = async (tx: Queryable, rate: TaxRateRow): Promise<void> => {
  await tx.run(
    `INSERT INTO tax_rate (country, category, rate, title) VALUES ($1, $2, $3, $4)
     ON CONFLICT (country, category) DO UPDATE SET rate = EXCLUDED.rate, title = EXCLUDED.title`,
    [rate.country, rate.category, rate.rate, rate.title],
  );
};

export const listTaxRates = (database: Queryable, country?: string): Promise<TaxRateRow[]> =>
  database.rows<TaxRateRow>(
    'SELECT country, category, rate, title FROM tax_rate WHERE ($1::text IS NULL OR country = $1) ORDER BY country, category',
    [country ?? null],
  );

export const deleteTaxRate = async (tx: Queryable, country: string, category: string): Promise<boolean> =>
  (await tx.run('DELETE FROM tax_rate WHERE country = $1 AND category = $2', [country, category])) === 1;
