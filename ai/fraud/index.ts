import { eraser } from '../../microservices/chassis/erasure.ts';
import { defineService } from '../../microservices/chassis/service.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { fraudContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import type { Context } from './service/context.ts';
import { readSettings } from './settings.ts';
import { erasePerson, identityKey, moveOwedAcknowledgements } from './store/persons.ts';

/** Order scores, reviews and labels as a service. */
export const fraud = defineService({
  contract: fraudContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    let key: string | undefined;
    const context: Context = {
      platform,
      settings: readSettings(platform.environment),
      identityKey: async () => (key ??= await identityKey(platform.database)),
    };
    return {
      handlers: handlers(context),
      reactions,
      jobs: jobs(context),
      erasure: eraser({ app: platform, customers: customersContract, erase: erasePerson }),
      prepare: async () => {
        await context.identityKey();
        await platform.commit((tx) => moveOwedAcknowledgements(tx, platform.now()));
      },
    };
  },
});
