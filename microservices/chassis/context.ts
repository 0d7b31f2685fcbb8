import { AsyncLocalStorage } from 'node:async_hooks';
import type { JourneyOrigin } from './contract/index.ts';
import { newUuid } from './ids.ts';

/** Ids that travel with a piece of work across HTTP, Kafka and the nodes, so that it can be followed end to end. */
export interface WorkContext {
  /** The same for everything that one customer's action set off. */
  correlationId: string;
  /** The event or request that directly caused this work. */
  causationId?: string;
  /** Where the person is who set it off, for audit logs; absent for what events and timers set off. */
  address?: string | undefined;
  /** The program that sent the request, shortened, for audit logs. */
  userAgent?: string | undefined;
  /** Counts what the work costs at the database. Absent where nobody looks. */
  costs?: DatabaseCosts;
  /** True for a rehearsal: what this work writes is undone, and services that it asks rehearse as well. */
  rehearsal?: boolean | undefined;
  /** The journey whose node sent the request. */
  journey?: JourneyOrigin | undefined;
}

/**
 * Requests to PostgreSQL that waited for a response, and the statements that they carried (BEGIN and COMMIT not
 * counted).
 */
export interface DatabaseCosts {
  roundTrips: number;
  statements: number;
}

export const noCosts = (): DatabaseCosts => ({ roundTrips: 0, statements: 0 });

const storage = new AsyncLocalStorage<WorkContext>();

export const runInContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);

/** Called with each request that is sent to PostgreSQL, or with statements that travel in one. */
export const countCosts = ({ roundTrips = 0, statements = 0 }: Partial<DatabaseCosts>): void => {
  const costs = storage.getStore()?.costs;
  if (!costs) return;
  costs.roundTrips += roundTrips;
  costs.statements += statements;
};

/** Work that goes on for others, such as a loop that a request happens to start, has no context of that request. */
export const withoutContext = <T>(work: () => T): T => storage.exit(work);

/** True while a rehearsal runs: transactions are rolled back at their end (database/transaction.ts). */
export const isRehearsal = (): boolean => storage.getStore()?.rehearsal === true;

/** The current context; work that nobody set off (a timer) starts a story of its own. */
export const currentContext = (): WorkContext => storage.getStore() ?? { correlationId: newUuid() };
