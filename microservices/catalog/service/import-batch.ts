import { isUniqueViolation } from '../../chassis/database/index.ts';
import type { Context, Tx } from '../context.ts';
import type { Rejection } from '../contract/imports.ts';
import type { Category } from '../contract/shapes.ts';
import { admit, applyRow } from '../policy/import/apply-row.ts';
import { type RowPrice } from '../policy/import/row-price.ts';
import { type CatalogPart } from '../policy/import/catalog-part.ts';
import { readRow, type Header, type ImportRow } from '../policy/import/columns.ts';
import { changedFields, type ProductRecord } from '../policy/record.ts';
import { advanceImport, saveRejections, type ImportRow as ImportState } from '../store/imports.ts';
import { saveProducts } from '../store/products.ts';
import { saveCategories } from '../store/categories.ts';
import { changePrices } from './change-prices.ts';
import { productFacts } from './describe.ts';
import type { CsvRecord } from './read-csv.ts';
import { keyOf, loadPart } from './import-part.ts';

const ATTEMPTS = 4;

/**
 * Saves one batch of records in one transaction with its checkpoint: all of its accepted rows and rejections, or none.
 * Returns the import after it, or undefined when another request is sending the same import.
 */
export const importBatch = async (
  context: Context,
  state: ImportState,
  header: Header,
  records: readonly CsvRecord[],
  fingerprint: string,
): Promise<ImportState | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.commit((tx) => saveBatch(tx, context, state, header, records, fingerprint));
    } catch (error) {
      // Another transaction created the same SKU, slug or GTIN meanwhile: decide again on the present catalog.
      if (!isUniqueViolation(error) || attempt === ATTEMPTS) throw error;
    }
  }
};

const saveBatch = async (
  tx: Tx,
  context: Context,
  state: ImportState,
  header: Header,
  records: readonly CsvRecord[],
  fingerprint: string,
): Promise<ImportState | undefined> => {
  const read = records.map((record) => readRow(header, record));
  const rows = read.filter((each): each is ImportRow => !Array.isArray(each));
  const unreadable = read.filter((each): each is Rejection[] => Array.isArray(each));
  const part = await loadPart(tx, context, rows);
  const before = new Map(part.products);
  const decided = decideRows(part, rows);
  const { created, updated } = await save(tx, part, before, decided);
  const rejections = [...unreadable.flat(), ...decided.rejections];
  const rejected = unreadable.length + decided.rejectedRows;
  const after: ImportState = {
    ...state,
    committedLine: records.at(-1)?.line ?? state.committedLine,
    fingerprint,
    rows: state.rows + records.length,
    accepted: state.accepted + records.length - rejected,
    rejected: state.rejected + rejected,
    created: state.created + created,
    updated: state.updated + updated,
  };
  if (!(await advanceImport(tx, state, after))) return undefined;
  await saveRejections(tx, state.id, rejections);
  return after;
};

interface Decided {
  rejections: Rejection[];
  rejectedRows: number;
  categories: Category[];
  prices: { sku: string; productId: string; price: RowPrice }[];
}

const decideRows = (part: CatalogPart, rows: readonly ImportRow[]): Decided => {
  const decided: Decided = { rejections: [], rejectedRows: 0, categories: [], prices: [] };
  for (const row of rows) {
    const outcome = applyRow(part, row);
    if (Array.isArray(outcome)) {
      decided.rejections.push(...outcome);
      decided.rejectedRows += 1;
      continue;
    }
    admit(part, outcome, (category) => keyOf(category, part.settings.locale));
    decided.categories.push(...outcome.newCategories);
    if (outcome.price) decided.prices.push({ sku: row.sku, productId: outcome.product.id, price: outcome.price });
  }
  return decided;
};

const save = async (
  tx: Tx,
  part: CatalogPart,
  before: ReadonlyMap<string, ProductRecord>,
  decided: Decided,
): Promise<{ created: number; updated: number }> => {
  const changes = [...part.products.values()].flatMap((product) => {
    const old = before.get(product.id);
    const changed = old ? changedFields(old, product) : [];
    return old && changed.length === 0
      ? []
      : [{ old, changed, product: { ...product, version: product.version + 1, updatedAt: part.now.toISOString() } }];
  });
  await saveCategories(tx, decided.categories);
  for (const { id, slug, parentId } of decided.categories)
    tx.append('category.changed', id, { categoryId: id, change: 'created', slug, parentId });
  await saveProducts(
    tx,
    changes.map(({ product }) => product),
  );
  for (const change of changes) announce(tx, change);
  const wanted = decided.prices.flatMap(({ sku, productId, price }) => {
    const variant = part.products.get(productId)?.variants.find((each) => each.sku === sku);
    return variant
      ? [
          {
            priceListId: price.list.id,
            currency: price.list.currency,
            variant,
            minQuantity: price.minQuantity,
            amount: price.amount,
          },
        ]
      : [];
  });
  await changePrices(tx, wanted, part.now);
  const created = changes.filter(({ old }) => !old).length;
  return { created, updated: changes.length - created };
};

/** A product that an import publishes passes through review in the same moment: whoever may import may review. */
const announce = (
  tx: Tx,
  { old, changed, product }: { old: ProductRecord | undefined; changed: string[]; product: ProductRecord },
): void => {
  const published = product.state === 'published' && old?.state !== 'published';
  const facts = productFacts(product);
  if (!old) tx.append('product.created', product.id, { ...facts, state: 'draft' });
  else if (changed.some((field) => field !== 'state' && field !== 'publishedAt'))
    tx.append('product.updated', product.id, { ...facts, state: old.state, changed });
  if (published && old?.state !== 'in_review')
    tx.append('product.submitted', product.id, { ...facts, state: 'in_review' });
  if (published) tx.append('product.published', product.id, facts);
};
