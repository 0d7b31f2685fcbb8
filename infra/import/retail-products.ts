import type { RetailArticle } from './retail-shop.ts';

/** A row of the catalog's import file. */
export interface ProductRow {
  sku: string;
  /** Only for products with several variants: rows with the same slug belong together. */
  slug: string;
  title: string;
  /** The text that tells a variant from its siblings; empty for a product of its own. */
  design: string;
  priceMinor: number;
}

/**
 * Products and variants from the shop's articles. The shop numbered designs of one thing with letters (85099B, 85099C,
 * …): articles with the same digits whose titles share at least two words become variants of one product, named by
 * those words; the rest of each title is the design.
 */
export const productRows = (articles: readonly RetailArticle[]): ProductRow[] => {
  const families = Map.groupBy(articles, ({ sku }) => /^(\d{5})[A-Z]{1,2}$/.exec(sku)?.[1] ?? sku);
  return [...families].flatMap(([base, members]) => familyRows(base, members) ?? members.map(singleRow));
};

const singleRow = ({ sku, title, priceMinor }: RetailArticle): ProductRow => ({
  sku,
  slug: '',
  title,
  design: '',
  priceMinor,
});

const familyRows = (base: string, members: readonly RetailArticle[]): ProductRow[] | undefined => {
  const [first, ...others] = members.map(({ title }) => title.split(' '));
  if (!first || others.length === 0) return undefined;
  const shared = [...new Set(first)].filter((word) => others.every((words) => words.includes(word)));
  if (shared.filter((word) => /[A-Z]{2}/i.test(word)).length < 2) return undefined;
  const title = shared.join(' ');
  const slug = `${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 90)}-${base}`
    .replace(/-+/g, '-')
    .replace(/^-/, '');
  const designs = new Set<string>();
  return members.map((member) => {
    const rest = member.title
      .split(' ')
      .filter((word) => !shared.includes(word))
      .join(' ')
      .slice(0, 70)
      .trim();
    const letter = member.sku.slice(base.length) || 'plain';
    const design = rest === '' || designs.has(rest) ? `${rest} ${letter}`.trim() : rest;
    designs.add(design);
    return { sku: member.sku, slug, title, design, priceMinor: member.priceMinor };
  });
};

export const PRICE_LIST = 'online-retail';

const HEADER = ['sku', 'slug', 'title', 'option.design', 'price', 'currency', 'priceList', 'state'] as const;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The rows as the file that the catalog imports, line by line. */
export function* productCsv(rows: readonly ProductRow[]): Generator<string> {
  yield `${HEADER.join(',')}\n`;
  for (const row of rows) {
    const price = `${Math.floor(row.priceMinor / 100)}.${String(row.priceMinor % 100).padStart(2, '0')}`;
    yield `${[row.sku, row.slug, row.title, row.design, price, 'GBP', PRICE_LIST, 'published'].map(quoted).join(',')}\n`;
  }
}
