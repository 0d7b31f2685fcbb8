import { newId } from '../../chassis/ids.ts';
import type { Variant } from '../contract/shapes.ts';

type VariantFields = { sku: string } & { [Name in keyof Variant]?: Variant[Name] | undefined };

/** A new variant; fields that are not given get the usual values of goods that are shipped. */
export const buildVariant = (
  productId: string,
  fields: Omit<VariantFields, 'id' | 'productId' | 'version' | 'createdAt' | 'updatedAt'>,
  at: string,
): Variant => ({
  id: newId('var'),
  productId,
  sku: fields.sku,
  gtin: fields.gtin ?? null,
  title: fields.title ?? null,
  options: fields.options ?? {},
  weightGrams: fields.weightGrams ?? 0,
  taxCategory: fields.taxCategory ?? 'standard',
  requiresShipping: fields.requiresShipping ?? true,
  mediaIds: fields.mediaIds ?? [],
  sellable: fields.sellable ?? true,
  position: fields.position ?? 0,
  version: 1,
  createdAt: at,
  updatedAt: at,
});
