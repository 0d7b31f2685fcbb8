import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { currency as currencyShape } from '../../chassis/contract/index.ts';
import { invalidInput } from '../../chassis/http/validate.ts';
import { Problem } from '../../chassis/problem.ts';
import type { Context } from '../context.ts';
import { locale as localeShape } from '../contract/values.ts';
import { googleFeed } from '../policy/feeds/google.ts';
import { feedItem, type FeedFacts } from '../policy/feeds/item.ts';
import { metaFeed } from '../policy/feeds/meta.ts';
import { PAGES_PER_SITEMAP, sitemap, sitemapIndex } from '../policy/feeds/sitemap.ts';
import { addressOf, renditionFor, type MediaRecord } from '../policy/media-files.ts';
import { allMediaIds, type ProductRecord } from '../policy/record.ts';
import { countSitemapPages, findInStock, findPublished, findSitemapPages } from '../store/feeds.ts';
import { findMedia } from '../store/media.ts';
import { findProducts } from '../store/products.ts';
import { resolveLines } from '../store/resolve.ts';

const PAGE = 200;
/** Channels fetch once a day or hour; a cache in front keeps them from the database meanwhile. */
const CACHED = 'public, max-age=900';

const asked = z.object({ currency: currencyShape.optional(), locale: localeShape.optional() });

/**
 * Feeds of all variants on sale for channels, and sitemaps of the shop's pages; public as the shop is. They are read
 * from the catalog while they are sent.
 */
export const feedRoutes = (context: Context): RequestHandler => {
  const { database, settings } = context;
  const shopUrl = settings.shopUrl ?? settings.publicUrl;
  const router = Router();
  for (const [path, feed] of [
    ['google.xml', googleFeed],
    ['meta.csv', metaFeed],
  ] as const) {
    router.get(`/v1/catalog/feeds/${path}`, async (request, response) => {
      const read = asked.safeParse(request.query);
      if (!read.success) throw invalidInput(read.error);
      const { currency = settings.currency, locale = settings.locale } = read.data;
      const language = { locale, shopLocale: settings.locale, shopUrl };
      const lines = async function* (): AsyncGenerator<string> {
        yield feed.head(shopUrl);
        for await (const facts of factsOf(context, currency)) {
          const items = facts.flatMap((each) => feedItem(each, language) ?? []);
          if (items.length > 0) yield items.map(feed.item).join('');
        }
        if (feed.foot !== '') yield feed.foot;
      };
      response.set({ 'content-type': feed.contentType, 'cache-control': CACHED });
      await pipeline(Readable.from(lines()), response).catch((err: unknown) =>
        context.log.warn({ err }, 'a feed broke off'),
      );
    });
  }
  router.get('/v1/catalog/sitemap.xml', async (_request, response) => {
    const sitemaps = Math.max(1, Math.ceil((await countSitemapPages(database)) / PAGES_PER_SITEMAP));
    response.set({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': CACHED });
    response.send(sitemapIndex(sitemaps, `${settings.publicUrl}/v1/catalog/sitemaps`));
  });
  router.get('/v1/catalog/sitemaps/:file', async (request, response) => {
    const number = Number(/^([1-9]\d{0,5})\.xml$/.exec(request.params.file)?.[1] ?? 0);
    const from = (number - 1) * PAGES_PER_SITEMAP;
    const pages = number === 0 ? [] : await findSitemapPages(database, from, PAGES_PER_SITEMAP);
    if (pages.length === 0 && number !== 1) throw noSitemap(request.params.file);
    response.set({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': CACHED });
    response.send(sitemap(pages, shopUrl));
  });
  return router;
};

const noSitemap = (file: string): Problem =>
  new Problem({
    code: 'NOT_FOUND',
    status: 404,
    title: 'Sitemap not found',
    detail: `There is no sitemap ${file.slice(0, 40)}. The index /v1/catalog/sitemap.xml names those that there are.`,
  });

/** Variants on sale with their prices, pictures and stock, a page of products at a time. */
async function* factsOf({ database, now, settings }: Context, currency: string): AsyncGenerator<FeedFacts[]> {
  for (let after = ''; ;) {
    const ids = await findPublished(database, after, PAGE);
    const last = ids.at(-1);
    if (last === undefined) return;
    const products = await findProducts(database, ids);
    const onSale = products.flatMap((product) =>
      product.variants.filter(({ sellable }) => sellable).map((variant) => ({ product, variant })),
    );
    const skus = onSale.map(({ variant }) => variant.sku);
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const priced = await resolveLines(database, lines, currency, undefined, now());
    const amounts = new Map(priced.flatMap(({ sku, priceId, amount }) => (priceId === null ? [] : [[sku, amount]])));
    const inStock = await findInStock(database, skus);
    const media = await findMedia(database, [...new Set(products.flatMap(allMediaIds))]);
    yield onSale.flatMap(({ product, variant }) => {
      const amount = amounts.get(variant.sku);
      if (amount === undefined) return [];
      const isThere = inStock.has(variant.sku) || !variant.requiresShipping;
      const pictures = picturesOf(product, variant.mediaIds, media, settings.publicUrl);
      return [{ product, variant, price: { amount, currency }, inStock: isThere, pictures }];
    });
    after = last;
  }
}

/** Wide enough for channels, which want 500 pixels and more. */
const FEED_WIDTH = 1_280;

const picturesOf = (
  product: ProductRecord,
  own: readonly string[],
  media: ReadonlyMap<string, MediaRecord>,
  publicUrl: string,
): string[] => [
  ...[...own, ...product.mediaIds].flatMap((id) => {
    const shown = renditionFor(media.get(id)?.renditions ?? [], FEED_WIDTH);
    return shown ? [addressOf(publicUrl, id, shown.file)] : [];
  }),
  ...product.images.map(({ url }) => url),
];
