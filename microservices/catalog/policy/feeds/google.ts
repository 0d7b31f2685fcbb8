import { cut, type FeedItem } from './item.ts';
import { element } from './xml.ts';

/**
 * Google Merchant Center's product data specification as RSS 2.0: limits of title (150), description (5000) and brand
 * (70), `identifier_exists` where neither GTIN nor brand is known.
 */
export const googleFeed = {
  contentType: 'application/rss+xml; charset=utf-8',
  head: (shopUrl: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n${element('title', 'Products')}${element('link', shopUrl)}${element('description', 'All products on sale')}`,
  item: (item: FeedItem): string => `<item>\n${fieldsOf(item)}</item>\n`,
  foot: '</channel>\n</rss>\n',
};

const fieldsOf = (item: FeedItem): string =>
  [
    ['g:id', item.id],
    ['g:item_group_id', item.groupId],
    ['g:title', cut(item.title, 150)],
    ['g:description', cut(item.description, 5_000)],
    ['g:link', item.link],
    ['g:image_link', item.imageLink],
    ['g:availability', item.inStock ? 'in_stock' : 'out_of_stock'],
    ['g:condition', 'new'],
    ['g:price', item.price],
    ['g:brand', item.brand === undefined ? undefined : cut(item.brand, 70)],
    ['g:gtin', item.gtin],
    ['g:identifier_exists', item.gtin === undefined && item.brand === undefined ? 'no' : undefined],
    ['g:shipping_weight', item.weightGrams === undefined ? undefined : `${item.weightGrams} g`],
  ]
    .map(([name = '', value]) => (value === undefined ? '' : element(name, value)))
    .join('');
