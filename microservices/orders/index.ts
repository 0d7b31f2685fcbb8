import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { erasePerson } from './store/persons.ts';
import { readSettings } from './settings.ts';

/** Carts, quotes and orders as a service. */
export const orders = defineService({
  contract: ordersContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    const settings = readSettings(platform.environment);
    return {
      handlers: handlers(platform, settings),
      reactions: reactions(platform.now),
      jobs: jobs(platform, settings),
      erasure: eraser({ app: platform, customers: customersContract, erase: erasePerson }),
    };
  },
});
