import { defineService } from '../chassis/service.ts';
import { ordersContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
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
    };
  },
});
