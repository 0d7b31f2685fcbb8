import { eraser } from '../chassis/erasure.ts';
import { defineService } from '../chassis/service.ts';
import { customersContract } from '../customers/contract.ts';
import { groupsContract } from './contract.ts';
import { jobs } from './jobs.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { counterReader } from './service/live/counters.ts';
import { createHub } from './service/live/hub.ts';
import { liveRoute } from './service/live/route.ts';
import { erasePersons, waitsForOrders } from './service/erasure.ts';
import { settings } from './settings.ts';

/** Group commerce as a service. */
export const groups = defineService({
  contract: groupsContract,
  settings,
  migrations: new URL('./migrations/', import.meta.url),
  build: (app) => {
    const read = counterReader({ database: app.database, keyValue: app.openKeyValue() });
    const hub = createHub({
      ...{ read, everyMs: app.settings.liveEveryMs, most: app.settings.liveWatchers },
      onError: (err) => app.log.warn({ err }, 'the counters of a team could not be read'),
    });
    return {
      handlers: handlers(app),
      reactions: reactions(app),
      jobs: jobs(app),
      routes: liveRoute({ read, hub, now: app.now }),
      start: () => hub,
      erasure: eraser({ app, customers: customersContract, erase: erasePersons(app), waits: waitsForOrders }),
    };
  },
});
