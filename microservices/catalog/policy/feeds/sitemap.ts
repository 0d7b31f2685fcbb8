import { element } from './xml.ts';

/** A page of the shop. */
export interface SitemapPage {
  /** Path below the shop's address. */
  path: string;
  changedAt: string;
}

/** A sitemap may have 50,000 addresses (sitemaps.org); fewer keep it small. */
export const PAGES_PER_SITEMAP = 20_000;

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** One sitemap: addresses of pages, and when each changed last. */
export const sitemap = (pages: readonly SitemapPage[], shopUrl: string): string =>
  `${HEAD}<urlset ${NAMESPACE}>\n${pages
    .map(
      ({ path, changedAt }) => `<url>\n${element('loc', `${shopUrl}${path}`)}${element('lastmod', changedAt)}</url>\n`,
    )
    .join('')}</urlset>\n`;

/** The index of so many sitemaps below `baseUrl`. */
export const sitemapIndex = (sitemaps: number, baseUrl: string): string =>
  `${HEAD}<sitemapindex ${NAMESPACE}>\n${Array.from(
    { length: sitemaps },
    (_, index) => `<sitemap>\n${element('loc', `${baseUrl}/${index + 1}.xml`)}</sitemap>\n`,
  ).join('')}</sitemapindex>\n`;
