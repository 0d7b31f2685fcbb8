import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type RequestHandler } from 'express';
import { catalogContract } from '../contract.ts';
import type { Context } from '../context.ts';
import type { Category } from '../contract/shapes.ts';
import { columnNames, csvLine, exportRows, type ExportedProduct } from '../policy/export/rows.ts';
import { inLocale } from '../policy/texts.ts';
import { findExportColumns, findExported, findExportedPrices } from '../store/export.ts';
import { findProducts } from '../store/products.ts';
import { allCategories } from '../store/categories.ts';

/** Products of a page: memory stays that of a page, whatever the catalog's size. */
const PAGE = 200;

/**
 * GET /v1/catalog/export.csv and /v1/catalog/export.ndjson: all products that are not archived, with their prices. The
 * CSV has the columns of Import products, so that an import of it makes the same products. Let in is who may list
 * imports.
 */
export const exportCatalog = (context: Context): RequestHandler => {
  const router = Router();
  const serve = (path: string, contentType: string, lines: (context: Context) => AsyncGenerator<string>): void => {
    router.get(`/v1/catalog/${path}`, async (request, response) => {
      const credential = request.headers.authorization?.replace(/^bearer +/i, '') ?? '';
      await context.client(catalogContract).listImports({ limit: 1 }, { credential });
      response.set({
        'content-type': contentType,
        'content-disposition': `attachment; filename="catalog-${path}"`,
        'cache-control': 'no-store',
      });
      await pipeline(Readable.from(lines(context)), response).catch((err: unknown) =>
        // The connection is cut, so that the receiver notices.
        context.log.warn({ err }, 'an export of the catalog broke off'),
      );
    });
  };
  serve('export.csv', 'text/csv; charset=utf-8', csvOf);
  serve('export.ndjson', 'application/x-ndjson', jsonOf);
  return router;
};

async function* csvOf(context: Context): AsyncGenerator<string> {
  const columns = await findExportColumns(context.database, context.settings.locale);
  yield csvLine(columnNames(columns));
  for await (const page of pages(context)) {
    const lines = page.flatMap((exported) => exportRows(exported, columns).map(csvLine));
    if (lines.length > 0) yield lines.join('');
  }
}

async function* jsonOf(context: Context): AsyncGenerator<string> {
  for await (const page of pages(context))
    yield page
      .map(({ product, prices }) => `${JSON.stringify({ ...product, prices: prices.map(toPrice) })}\n`)
      .join('');
}

const toPrice = ({ sku, priceList, minQuantity, amount, currency }: ExportedProduct['prices'][number]) => ({
  sku,
  priceList,
  minQuantity,
  unitPrice: { amount, currency },
});

async function* pages({ database, now, settings }: Context): AsyncGenerator<ExportedProduct[]> {
  for (let after = ''; ;) {
    const ids = await findExported(database, after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return;
    const products = new Map((await findProducts(database, ids)).map((product) => [product.id, product]));
    const prices = await findExportedPrices(database, ids, now());
    const pathOf = pathsOf(await allCategories(database), settings.locale);
    yield ids.flatMap((id) => {
      const product = products.get(id);
      return product ? [{ product, categories: product.categoryIds.map(pathOf), prices: prices.get(id) ?? [] }] : [];
    });
    after = last;
  }
}

/** Titles from the top down, by the id of a category. */
const pathsOf = (categories: readonly Category[], shopLocale: string): ((id: string) => string[]) => {
  const byId = new Map(categories.map((category) => [category.id, category]));
  const pathOf = (id: string | null): string[] => {
    const category = id === null ? undefined : byId.get(id);
    return category ? [...pathOf(category.parentId), inLocale(category.title, undefined, shopLocale)] : [];
  };
  return pathOf;
};
