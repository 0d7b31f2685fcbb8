import { eraser } from '../../microservices/chassis/erasure.ts';
import { defineService } from '../../microservices/chassis/service.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { fraudContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { settings } from './settings.ts';
import { erasePerson, identityKey, moveOwedAcknowledgements } from './store/persons.ts';

/** Order scores, reviews and labels as a service. */
export const fraud = defineService({
  contract: fraudContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    let key: string | undefined;
    const context = { ...app, identityKey: async () => (key ??= await identityKey(app.database)) };
    return {
      handlers: handlers(context),
      reactions,
      jobs: jobs(context),
      erasure: eraser({ app, customers: customersContract, erase: erasePerson }),
      prepare: async () => {
        await context.identityKey();
        await app.commit((tx) => moveOwedAcknowledgements(tx, app.now()));
      },
    };
  },
});
