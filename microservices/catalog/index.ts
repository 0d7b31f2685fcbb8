import { defineService } from '../chassis/service.ts';
import { catalogContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { handlers } from './service.ts';
import { settings } from './settings.ts';

/** Products, categories, prices, search and import. */
export const catalog = defineService({
  contract: catalogContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({ handlers: handlers(app), jobs: jobs(app) }),
});
