import { defineService } from '../chassis/service.ts';
import { inventoryContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { settings } from './settings.ts';

/** Locations, stock levels, reservations, transfers and deliveries as a service. */
export const inventory = defineService({
  contract: inventoryContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({ handlers: handlers(app), reactions: reactions(app), jobs: jobs(app) }),
});
