import { eraser } from '../../../../../microservices/chassis/erasure.ts';
import { defineService } from '../../../../../microservices/chassis/service.ts';
import { customersContract } from '../../../../../microservices/customers/contract.ts';
import { giftingContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { settings } from './settings.ts';
import { eraseGiftNotes } from './store.ts';

/** Gift notes as a service. */
export const gifting = defineService({
  contract: giftingContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({
    handlers: handlers(app),
    reactions,
    jobs: jobs(app),
    erasure: eraser({ app, customers: customersContract, erase: eraseGiftNotes }),
  }),
});
