import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { reasonToWait } from './service/owner-ends.ts';
import { eraseWords } from './store/owners.ts';

/** The wallet: a double-entry ledger with holds. */
export const wallet = defineService({
  contract: walletContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const context = { ...app, keyValue: app.openKeyValue() };
    return {
      handlers: handlers(context),
      reactions: reactions(context),
      jobs: jobs(context),
      erasure: eraser({ app, customers: customersContract, erase: eraseWords, waits: reasonToWait }),
    };
  },
});
