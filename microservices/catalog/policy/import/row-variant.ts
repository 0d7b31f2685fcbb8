import { withChanges } from '../../../chassis/with-changes.ts';
import type { AttributeValue } from '../../contract/values.ts';
import type { AttributeDefinition, Variant } from '../../contract/shapes.ts';
import { valueProblem } from '../fit.ts';
import { stable, type ProductRecord } from '../record.ts';
import { withTexts } from '../texts.ts';
import { buildVariant } from '../variant.ts';
import { withPoint } from './amount.ts';
import { type CatalogPart } from './catalog-part.ts';
import { type ImportRow, type Reject } from './columns.ts';

export const rowVariant = (part: CatalogPart, product: ProductRecord, row: ImportRow, reject: Reject): Variant => {
  const at = part.now.toISOString();
  const owner = row.gtin === undefined ? undefined : part.gtins.get(row.gtin);
  const old = product.variants.find((variant) => variant.sku === row.sku);
  if (owner !== undefined && owner !== old?.id) reject('gtin', row.gtin, 'This GTIN belongs to another variant.');
  const { gtin, weightGrams, taxCategory, requiresShipping, sellable } = row;
  const title = withTexts(old?.title ?? null, row.variantTitle);
  const fields = { gtin, title, weightGrams, taxCategory, requiresShipping, sellable };
  if (!old)
    return buildVariant(
      product.id,
      { ...fields, sku: row.sku, options: row.options, position: row.position ?? product.variants.length },
      at,
    );
  const changed = withChanges(old, { ...fields, position: row.position, options: { ...old.options, ...row.options } });
  return stable(changed) === stable(old) ? old : { ...changed, version: old.version + 1, updatedAt: at };
};

export const rowAttributes = (part: CatalogPart, row: ImportRow, reject: Reject): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(row.attributes).flatMap(([code, text]) => {
      const definition = part.attributes.get(code);
      const value = definition && typedValue(text, definition, row.decimalComma ?? false);
      const problem = !definition
        ? `There is no attribute "${code}". Define it first.`
        : value === undefined
          ? 'cannot be read'
          : valueProblem(value, definition);
      if (problem !== undefined || value === undefined) {
        reject(`attribute.${code}`, text, definition ? `"${text}" ${problem ?? ''}` : (problem ?? ''));
        return [];
      }
      return [[code, value]];
    }),
  );

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};

/** A cell as its attribute's type reads it; text that does not suit stays text, so that the reason names it. */
const typedValue = (text: string, { type }: AttributeDefinition, decimalComma: boolean): AttributeValue => {
  if (type === 'number') {
    const pointed = decimalComma ? withPoint(text) : text;
    return /^[-+]?\d{1,21}(\.\d{1,20})?(e[-+]?\d{1,2})?$/i.test(pointed) ? Number(pointed) : text;
  }
  if (type === 'boolean')
    return Object.hasOwn(BOOLEANS, text.toLowerCase()) ? (BOOLEANS[text.toLowerCase()] ?? text) : text;
  return text;
};
