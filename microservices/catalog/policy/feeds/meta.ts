import { csvLine } from '../export/rows.ts';
import { cut, type FeedItem } from './item.ts';

const COLUMNS: readonly [string, (item: FeedItem) => string | undefined][] = [
  ['id', ({ id }) => id],
  ['title', ({ title }) => cut(title, 200)],
  ['description', ({ description }) => cut(description, 9_999)],
  ['availability', ({ inStock }) => (inStock ? 'in stock' : 'out of stock')],
  ['condition', () => 'new'],
  ['price', ({ price }) => price],
  ['link', ({ link }) => link],
  ['image_link', ({ imageLink }) => imageLink],
  ['brand', ({ brand }) => (brand === undefined ? undefined : cut(brand, 100))],
  ['gtin', ({ gtin }) => gtin],
  ['item_group_id', ({ groupId }) => groupId],
];

/** Meta's product catalog fields as CSV: limits of title (200), description (9999) and brand (100). */
export const metaFeed = {
  contentType: 'text/csv; charset=utf-8',
  head: (): string => csvLine(COLUMNS.map(([name]) => name)),
  item: (item: FeedItem): string => csvLine(COLUMNS.map(([, valueOf]) => valueOf(item) ?? '')),
  foot: '',
};
