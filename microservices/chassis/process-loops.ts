import { planConnections, type ConnectionPlan } from './database/connection-plan.ts';
import { openDatabase } from './database/index.ts';
import type { PoolOptions } from './database/pool.ts';
import { createLending } from './database/lending.ts';
import { appliedSteps } from './database/migrate.ts';
import { refuseSmallServer } from './database/server-limit.ts';
import { startRelays, type Relays } from './events/relays.ts';
import { startJobs, type Jobs } from './jobs.ts';
import type { Logger } from './telemetry/log.ts';

/**
 * Loops and connections that the services of a process share, so that its idle cost does not grow with their number.
 */
export interface ProcessLoops {
  /** How large the pool of a service is, and where it borrows. */
  pool: Pick<PoolOptions, 'max' | 'borrowing'>;
  /** The migration steps that each schema has already. */
  applied: ReadonlyMap<string, ReadonlySet<string>>;
  /** Publish the outboxes. */
  relays: Relays;
  jobs: Jobs;
  /** To be called when the services have stopped. */
  stop(): Promise<void>;
}

interface ProcessLoopsOptions {
  databaseUrl: string;
  /** The domains of the services. */
  schemas: readonly string[];
  /** Connections that one service may hold at most. */
  poolSize: number;
  /** Connections that the process may open at most. */
  connections: number;
  log: Logger;
}

/**
 * Plans the connections of a process and starts the loops that look after all of its services. Throws when the server
 * allows fewer than planned.
 */
export const startProcessLoops = async (options: ProcessLoopsOptions): Promise<ProcessLoops> => {
  const { databaseUrl: url, schemas, log } = options;
  const plan: ConnectionPlan = planConnections({
    services: schemas.length,
    mostPerService: options.poolSize,
    most: options.connections,
  });
  const onError = (err: Error): void => log.warn({ err }, 'an idle database connection ended');
  const database = openDatabase({ url, schema: 'public', max: plan.own, onError });
  try {
    // A gateway alone has no schema and asks the database nothing.
    if (schemas.length > 0) await refuseSmallServer(database, url, plan);
    const relays = startRelays({ database, log });
    return {
      pool: { max: plan.perService, borrowing: { most: plan.mostPerService, lending: createLending(plan.lent) } },
      applied: schemas.length > 0 ? await appliedSteps(database, schemas) : new Map(),
      relays,
      jobs: startJobs({ database }),
      stop: async () => {
        await relays.stop();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
};
