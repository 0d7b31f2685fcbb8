/**
 * SQL for the lowest of a product's variants' winning prices, as resolvePrices decides them for quantity 1 and no
 * group; `currency` and `now` are placeholders. A subquery by product: it always goes by the indexes, where a join over
 * all products was planned badly (seconds for 3,000) once the plan no longer knew the parameters.
 */
export const lowestPrice = (productId: string, currency: string, now: string): string => `(
  SELECT min(best.amount) FROM variant v CROSS JOIN LATERAL (
    SELECT pr.amount FROM price pr JOIN price_list l ON l.id = pr.price_list_id
    WHERE pr.variant_id = v.id AND pr.active AND pr.min_quantity = 1 AND l.currency = ${currency} AND l.customer_group IS NULL
      AND (l.valid_from IS NULL OR l.valid_from <= ${now}) AND (l.valid_until IS NULL OR l.valid_until > ${now})
    ORDER BY l.priority DESC, l.created_at DESC, l.id DESC LIMIT 1
  ) best WHERE v.product_id = ${productId} AND v.sellable)`;
