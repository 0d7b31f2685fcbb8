import type { Context, Handlers } from './context.ts';
import { categoryCommands, categoryQueries } from './service/categories.ts';
import { collectionProductHandlers } from './service/collection-products.ts';
import { collectionCommands, collectionQueries } from './service/collections.ts';
import { definitionHandlers } from './service/definitions.ts';
import { importHandlers } from './service/imports.ts';
import { lifecycleHandlers } from './service/lifecycle.ts';
import { mediaHandlers } from './service/media.ts';
import { priceListHandlers } from './service/price-lists.ts';
import { priceCommands } from './service/prices.ts';
import { productCommands, productQueries } from './service/products.ts';
import { searchHandlers } from './service/search.ts';
import { redirectHandlers, synonymHandlers } from './service/search-terms.ts';
import { shopHandlers } from './service/shop.ts';
import { priceQueries } from './service/shown-prices.ts';
import { variantCommands, variantQueries } from './service/variants.ts';

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => ({
  ...productCommands(context),
  ...productQueries(context),
  ...lifecycleHandlers(context),
  ...variantCommands(context),
  ...variantQueries(context),
  ...categoryCommands(context),
  ...categoryQueries(context),
  ...collectionCommands(context),
  ...collectionQueries(context),
  ...collectionProductHandlers(context),
  ...mediaHandlers(context),
  ...definitionHandlers(context),
  ...priceListHandlers(context),
  ...priceCommands(context),
  ...priceQueries(context),
  ...searchHandlers(context),
  ...synonymHandlers(context),
  ...redirectHandlers(context),
  ...shopHandlers(context),
  ...importHandlers(context),
});
