import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Price } from '../contract/shapes.ts';
import type { PricePeriod } from '../policy/price-history.ts';

/**
 * A price as it is kept. An inactive one was removed; it keeps its id and counts its versions on when it comes back.
 */
export interface PriceRecord {
  id: string;
  priceListId: string;
  variantId: string;
  productId: string;
  sku: string;
  minQuantity: number;
  version: number;
  amount: number;
  active: boolean;
  changedAt: string;
}

const COLUMNS = columns(
  ['id', 'priceListId', 'variantId', 'productId', 'sku', 'minQuantity', 'version', 'amount', 'active', 'changedAt'],
  'p',
);

/** Every price of these variants, removed ones too. Lock their products first. */
export const findPricesOf = (tx: Queryable, variantIds: readonly string[]): Promise<PriceRecord[]> =>
  tx.rows<PriceRecord>(`SELECT ${COLUMNS} FROM price p WHERE p.variant_id = ANY($1)`, [variantIds]);

export const findPrice = (tx: Queryable, id: string): Promise<PriceRecord | undefined> =>
  tx.maybeOne<PriceRecord>(`SELECT ${COLUMNS} FROM price p WHERE p.id = $1`, [id]);

const CLOSE = `
UPDATE price_version v SET valid_until = greatest(r."changedAt", v.valid_from)
FROM jsonb_to_recordset($1::jsonb) AS r(id text, "changedAt" timestamptz) WHERE v.price_id = r.id AND v.valid_until IS NULL`;

const SAVE = `
INSERT INTO price (id, price_list_id, variant_id, product_id, sku, min_quantity, version, amount, active, changed_at)
SELECT r.id, r."priceListId", r."variantId", r."productId", r.sku, r."minQuantity", r.version, r.amount, r.active, r."changedAt"
FROM jsonb_to_recordset($1::jsonb) AS r(id text, "priceListId" text, "variantId" text, "productId" text, sku text, "minQuantity" int, version int, amount bigint,
  active boolean, "changedAt" timestamptz)
ORDER BY r.id
ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, amount = EXCLUDED.amount, active = EXCLUDED.active, changed_at = EXCLUDED.changed_at`;

const OPEN = `
INSERT INTO price_version (price_id, version, amount, valid_from)
SELECT r.id, r.version, r.amount, r."changedAt"
FROM jsonb_to_recordset($1::jsonb) AS r(id text, version int, amount bigint, active boolean, "changedAt" timestamptz) WHERE r.active`;

/**
 * Writes changed prices and their history: the standing version ends, the next begins (unless the price was removed).
 */
export const savePrices = async (tx: Queryable, prices: readonly PriceRecord[]): Promise<void> => {
  if (prices.length === 0) return;
  const rows = JSON.stringify(prices);
  await tx.run(CLOSE, [rows]);
  await tx.run(SAVE, [rows]);
  await tx.run(OPEN, [rows]);
};

/** A list's prices in the order of SKU and quantity, after the key `after`; `count` at most. */
export const listPrices = (
  tx: Queryable,
  filter: { priceListId: string; skuPrefix?: string | undefined },
  after: readonly [string, number] | undefined,
  count: number,
): Promise<PriceRecord[]> =>
  tx.rows<PriceRecord>(
    `SELECT ${COLUMNS} FROM price p
     WHERE p.price_list_id = $1 AND p.active AND ($2::text IS NULL OR starts_with(p.sku, $2))
       AND ($3::text IS NULL OR (p.sku, p.min_quantity) > ($3, $4::int))
     ORDER BY p.sku, p.min_quantity LIMIT $5`,
    [filter.priceListId, filter.skuPrefix, after?.[0], after?.[1], count],
  );

export const toPrice = (
  { id, version, priceListId, variantId, sku, minQuantity, amount, changedAt }: PriceRecord,
  currency: string,
): Price => ({
  id,
  version,
  priceListId,
  variantId,
  sku,
  minQuantity,
  unitPrice: { amount, currency },
  changedAt,
});

export interface SnapshotRow {
  sku: string;
  priceListId: string;
  minQuantity: number;
  amount: number;
  currency: string;
  taxInclusive: boolean;
  from: string;
  until: string | null;
}

/** The amount that an id and a version named. */
export const findSnapshot = (tx: Queryable, priceId: string, version: number): Promise<SnapshotRow | undefined> =>
  tx.maybeOne<SnapshotRow>(
    `SELECT p.sku, p.price_list_id AS "priceListId", p.min_quantity AS "minQuantity", v.amount, l.currency, l.tax_inclusive AS "taxInclusive",
       v.valid_from AS "from", v.valid_until AS "until"
     FROM price_version v JOIN price p ON p.id = v.price_id JOIN price_list l ON l.id = p.price_list_id
     WHERE v.price_id = $1 AND v.version = $2`,
    [priceId, version],
  );

interface PeriodRow extends Omit<PricePeriod, 'from' | 'until' | 'listFrom' | 'listUntil' | 'listCreated'> {
  from: string;
  until: string | null;
  listFrom: string | null;
  listUntil: string | null;
  listCreated: string;
}

const milliseconds = (moment: string | null): number | null => (moment === null ? null : Date.parse(moment));

/** Every amount for quantity 1 of a variant, past and present, in the lists of a currency that a group could see. */
export const findPricePeriods = async (
  tx: Queryable,
  variantId: string,
  currency: string,
  customerGroup: string | undefined,
): Promise<PricePeriod[]> =>
  (
    await tx.rows<PeriodRow>(
      `SELECT p.id AS "priceId", v.version, p.price_list_id AS "priceListId", v.amount, v.valid_from AS "from", v.valid_until AS "until",
         l.customer_group IS NOT NULL AS "forGroup", l.tax_inclusive AS "taxInclusive", l.priority, l.valid_from AS "listFrom", l.valid_until AS "listUntil",
         l.created_at AS "listCreated"
       FROM price p JOIN price_version v ON v.price_id = p.id JOIN price_list l ON l.id = p.price_list_id
       WHERE p.variant_id = $1 AND p.min_quantity = 1 AND l.currency = $2 AND (l.customer_group IS NULL OR l.customer_group = $3)`,
      [variantId, currency, customerGroup],
    )
  ).map((row) => ({
    ...row,
    from: Date.parse(row.from),
    until: milliseconds(row.until),
    listFrom: milliseconds(row.listFrom),
    listUntil: milliseconds(row.listUntil),
    listCreated: Date.parse(row.listCreated),
  }));
