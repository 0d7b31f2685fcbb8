import {
  importCustomers,
  importProducts,
  importStock,
  type ImportedProducts,
  type ImportTarget,
} from './import-shop.ts';
import { readRetailLines } from './read-retail.ts';
import { classify } from './retail-lines.ts';
import { writeReport, type RetailSummary } from './retail-report.ts';
import { gatherShop, type RetailShop } from './retail-shop.ts';

export interface OnlineRetailImport extends ImportTarget {
  /** The lines, .csv or .csv.gz. */
  file: string;
  /** Where rejected lines are listed; the summary goes beside it. */
  report: string;
}

export interface ImportResult {
  products: ImportedProducts;
  customers: { created: number };
  stock: { received: number };
  summary: RetailSummary;
}

/** The shop behind a file of lines, read as a stream. */
const readShop = async (file: string): Promise<RetailShop> => {
  const gathering = gatherShop();
  for await (const raw of readRetailLines(file)) gathering.add(classify(raw));
  return gathering.shop();
};

/**
 * Brings the shop of a file into a running platform. Each step looks first at what is there: repeated, it changes
 * nothing; after an interruption, it continues. Throws a Problem when the platform refuses.
 */
export const importOnlineRetail = async ({ file, report, ...target }: OnlineRetailImport): Promise<ImportResult> => {
  const shop = await readShop(file);
  const products = await importProducts(target, shop);
  const customers = await importCustomers(target, shop);
  const stock = await importStock(target, shop, products.refused);
  return { products, customers, stock, summary: await writeReport(file, report, products.refused) };
};
