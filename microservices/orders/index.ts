import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { erasureOf } from './service/erasure.ts';
import { settings } from './settings.ts';

/** Carts, quotes and orders as a service. */
export const orders = defineService({
  contract: ordersContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({
    handlers: handlers(app),
    reactions: reactions(app),
    jobs: jobs(app),
    erasure: eraser({ app, customers: customersContract, ...erasureOf(app) }),
  }),
});
