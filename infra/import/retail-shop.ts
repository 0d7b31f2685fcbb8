import type { ClassifiedLine, RetailFacts } from './retail-lines.ts';

/** One stock code in the shop's records. Money is in pence. */
export interface RetailArticle {
  sku: string;
  title: string;
  priceMinor: number;
  /** Pieces sold over the whole time: what a replay of the sales needs in stock. */
  sold: number;
}

export interface RetailCustomer {
  number: string;
  /** Of the last line that names one; customers moved. */
  country: string | null;
}

/** The shop behind the books. */
export interface RetailShop {
  /** In the order of their SKUs. */
  articles: RetailArticle[];
  /** In the order of their numbers. */
  customers: RetailCustomer[];
}

interface Tally {
  count: number;
  last: number;
}

interface ArticleFacts {
  titles: Map<string, Tally>;
  prices: Map<number, Tally>;
  sold: number;
  hasSales: boolean;
}

const tally = <Key>(counts: Map<Key, Tally>, key: Key, line: number): void => {
  counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, last: line });
};

/** The most frequent; of equals the one seen last, because that is what the shop wrote most recently. */
const mostFrequent = <Key>(counts: ReadonlyMap<Key, Tally>): Key | undefined =>
  [...counts].toSorted(([, left], [, right]) => right.count - left.count || right.last - left.last)[0]?.[0];

export interface RetailShopBuilder {
  add(line: ClassifiedLine): void;
  shop(): RetailShop;
}

/**
 * Gathers the shop from its lines, one by one in any number. Descriptions and prices change over the year: the usual
 * ones are taken. What sales say counts; an article that is only in credit notes is described by those.
 */
export const gatherShop = (): RetailShopBuilder => {
  const articles = new Map<string, ArticleFacts>();
  const customers = new Map<string, string | null>();

  const addMerchandise = (line: RetailFacts, sale: boolean): void => {
    const known = articles.get(line.sku);
    // The first sale replaces what credit notes said so far.
    const facts: ArticleFacts =
      known && (known.hasSales || !sale) ? known : { titles: new Map(), prices: new Map(), sold: 0, hasSales: sale };
    articles.set(line.sku, facts);
    if (facts.hasSales && !sale) return;
    const title = line.description.replace(/\s+/g, ' ').slice(0, 200).trim();
    if (title !== '') tally(facts.titles, title, line.line);
    tally(facts.prices, line.unitPriceMinor, line.line);
    if (sale) facts.sold += line.quantity;
  };

  return {
    add: (line) => {
      if (line.kind === 'unusable') return;
      if (line.customerNumber !== null)
        customers.set(line.customerNumber, line.country ?? customers.get(line.customerNumber) ?? null);
      if (line.kind !== 'charge') addMerchandise(line, line.kind === 'sale');
    },
    shop: () => ({
      articles: [...articles]
        .map(([sku, { titles, prices, sold }]) => ({
          sku,
          title: mostFrequent(titles) ?? `Article ${sku}`,
          priceMinor: mostFrequent(prices) ?? 0,
          sold,
        }))
        .toSorted((left, right) => (left.sku < right.sku ? -1 : 1)),
      customers: [...customers]
        .map(([number, country]) => ({ number, country }))
        .toSorted((left, right) => (left.number < right.number ? -1 : 1)),
    }),
  };
};
