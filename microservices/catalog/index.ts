import { Router } from 'express';
import { defineService } from '../chassis/service.ts';
import { catalogContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { exportCatalog } from './service/export.ts';
import { feedRoutes } from './service/feeds.ts';
import { mediaFiles } from './service/media-files.ts';
import { settings } from './settings.ts';

/** Products, categories, collections, prices, search and import. */
export const catalog = defineService({
  contract: catalogContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({
    handlers: handlers(app),
    reactions,
    jobs: jobs(app),
    routes: Router().use(mediaFiles(app), exportCatalog(app), feedRoutes(app)),
  }),
});
