import type { Queryable } from '../../chassis/database/index.ts';
import type { LocalizedText } from '../contract/values.ts';
import type { ProductState } from '../contract/shapes.ts';

/** The result for one line of a price request; fields are null from where nothing was found. */
export interface ResolvedRow {
  sku: string;
  quantity: number;
  variantId: string | null;
  variantTitle: LocalizedText | null;
  options: Record<string, string>;
  weightGrams: number;
  taxCategory: 'standard' | 'reduced' | 'zero';
  requiresShipping: boolean;
  sellable: boolean;
  productId: string;
  state: ProductState;
  title: LocalizedText;
  optionAxes: string[];
  priceId: string | null;
  priceVersion: number;
  amount: number;
  taxInclusive: boolean;
}

/**
 * The winning price: the group's list before one for all, then priority, then the newest list, then the largest tier
 * reached.
 */
const RESOLVE = `
SELECT line.sku, line.quantity, v.id AS "variantId", v.title AS "variantTitle", v.options, v.weight_grams AS "weightGrams", v.tax_category AS "taxCategory",
  v.requires_shipping AS "requiresShipping", v.sellable, o.id AS "productId", o.state, o.title, o.option_axes AS "optionAxes",
  best.id AS "priceId", best.version AS "priceVersion", best.amount, best.tax_inclusive AS "taxInclusive"
FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS line(sku, quantity, ordinal)
LEFT JOIN variant v ON v.sku = line.sku
LEFT JOIN product o ON o.id = v.product_id
LEFT JOIN LATERAL (
  SELECT p.id, p.version, p.amount, l.tax_inclusive
  FROM price p JOIN price_list l ON l.id = p.price_list_id
  WHERE p.variant_id = v.id AND p.active AND p.min_quantity <= line.quantity AND l.currency = $3 AND (l.customer_group IS NULL OR l.customer_group = $4)
    AND (l.valid_from IS NULL OR l.valid_from <= $5) AND (l.valid_until IS NULL OR l.valid_until > $5)
  ORDER BY l.customer_group IS NOT NULL DESC, l.priority DESC, l.created_at DESC, l.id DESC, p.min_quantity DESC
  LIMIT 1
) best ON true
ORDER BY line.ordinal`;

/** Prices of lines at a moment, in one round trip, in the order asked. */
export const resolveLines = (
  tx: Queryable,
  lines: readonly { sku: string; quantity: number }[],
  currency: string,
  customerGroup: string | undefined,
  now: Date,
): Promise<ResolvedRow[]> =>
  tx.rows<ResolvedRow>(RESOLVE, [
    lines.map((line) => line.sku),
    lines.map((line) => line.quantity),
    currency,
    customerGroup,
    now,
  ]);
