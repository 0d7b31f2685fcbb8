import { implementContract, type Handlers } from '../chassis/http/handlers.ts';
import type { Platform } from '../chassis/service.ts';
import { catalogContract } from './contract.ts';
import { importHandlers } from './service/imports.ts';
import { priceListHandlers } from './service/price-lists.ts';
import { priceCommands, priceQueries } from './service/prices.ts';
import { lifecycleHandlers, productCommands, productQueries } from './service/products.ts';
import { searchHandlers } from './service/search.ts';
import { categoryCommands, categoryQueries, definitionHandlers } from './service/structure.ts';
import { variantCommands, variantQueries } from './service/variants.ts';
import { readSettings } from './settings.ts';

/** The catalog's side of its contract. Throws when its settings cannot be read. */
export const handlers = (platform: Platform<typeof catalogContract>): Handlers<typeof catalogContract> => {
  const context = { platform, settings: readSettings(platform.environment) };
  return implementContract(catalogContract, {
    ...productCommands(context),
    ...productQueries(context),
    ...lifecycleHandlers(context),
    ...variantCommands(context),
    ...variantQueries(context),
    ...categoryCommands(context),
    ...categoryQueries(context),
    ...definitionHandlers(context),
    ...priceListHandlers(context),
    ...priceCommands(context),
    ...priceQueries(context),
    ...searchHandlers(context),
    ...importHandlers(context),
  });
};
