import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { auditContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { handlers } from './service.ts';
import { erasePersons } from './service/erase.ts';
import { auditPage } from './service/page.ts';
import { settings } from './settings.ts';
import { ensureTrail } from './store/trail.ts';

/** The audit trail as a service. */
export const audit = defineService({
  contract: auditContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => ({
    handlers: handlers(app),
    prepare: () => ensureTrail(app.database),
    jobs: jobs(app),
    routes: auditPage(app),
    erasure: eraser({ app, customers: customersContract, erase: (tx, ids) => erasePersons(tx, ids, app.now()) }),
  }),
});
