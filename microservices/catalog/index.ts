import { defineService } from '../chassis/service.ts';
import { catalogContract } from './contract.ts';
import { refoldSearch } from './jobs.ts';
import { handlers } from './service.ts';

/** Products, categories, prices, search and import. */
export const catalog = defineService({
  contract: catalogContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => ({ handlers: handlers(platform), jobs: [refoldSearch(platform)] }),
});
