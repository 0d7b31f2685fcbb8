import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { groupsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { erasePersons, waitsForOrders } from './service/erasure.ts';
import { settings } from './settings.ts';

/** Group commerce as a service. */
export const groups = defineService({
  contract: groupsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({
    handlers: handlers(app),
    reactions: reactions(app),
    jobs: jobs(app),
    erasure: eraser({ app, customers: customersContract, erase: erasePersons(app), waits: waitsForOrders }),
  }),
});
