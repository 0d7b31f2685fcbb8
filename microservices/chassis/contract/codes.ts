import { z } from 'zod';
import { COUNTRIES, COUNTRY_MEANT, CURRENCY_DECIMALS } from './iso.ts';

const unknownCountry = (code: string): string =>
  Object.hasOwn(COUNTRY_MEANT, code)
    ? `${code} is not a country code of ISO 3166-1: write ${COUNTRY_MEANT[code] ?? ''}`
    : `${code} is not a country code of ISO 3166-1; write for example DE`;

/** ISO 3166-1 alpha-2 country code. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'a country is two capital letters (ISO 3166-1), for example DE', abort: true })
  .refine((code) => COUNTRIES.has(code), { error: ({ input }) => unknownCountry(String(input)) })
  .describe('Country, two capital letters (ISO 3166-1), for example DE');

/** A three-letter ISO 4217 currency code. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: 'a currency is three capital letters (ISO 4217), for example EUR', abort: true })
  .refine((code) => CURRENCY_DECIMALS.has(code), {
    error: ({ input }) => `${String(input)} is not a currency of ISO 4217; write for example EUR`,
  })
  .describe('ISO 4217 code');

const TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

/** A language tag as BCP 47 writes it: `pt-br` and `pt_BR` are pt-BR, `ZH_hant_tw` is zh-Hant-TW. */
export const canonicalTag = (tag: string): string =>
  tag
    .trim()
    .split(/[-_]/)
    .map((part, index) => {
      if (index === 0) return part.toLowerCase();
      return part.length === 4 ? `${part.charAt(0).toUpperCase()}${part.slice(1).toLowerCase()}` : part.toUpperCase();
    })
    .join('-');

/** A language tag (BCP 47): language, optional script, optional region. Other spellings are put right. */
export const languageTag = z
  .string()
  .overwrite(canonicalTag)
  .refine((tag) => TAG.test(tag), 'a locale is a language and perhaps a region, for example en or de-AT (BCP 47)')
  .meta({ examples: ['en'] });

/**
 * A stock keeping unit: 1 to 64 characters of any script, spaces inside included, as shops print them on labels. Spaces
 * around it do not count, and a letter has one form (NFC), however it was typed.
 */
export const sku = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1, 'a SKU cannot be empty')
  .max(64, 'a SKU can be 64 characters at most')
  .refine(
    (code) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(code) && code.isWellFormed(),
    'a SKU is one line of printable characters: take out the line break or control character',
  )
  .meta({ description: 'Stock keeping unit', examples: ['LANTERN-01'] });
