import { AsyncLocalStorage } from 'node:async_hooks';
import { newUuid } from './ids.ts';

/** Ids that travel with a piece of work across HTTP, Kafka and the nodes, so that it can be followed end to end. */
export interface WorkContext {
  /** The same for everything that one customer's action set off. */
  correlationId: string;
  /** The event or request that directly caused this work. */
  causationId?: string;
  /** Where the person is who set it off, for audit logs; absent for what events and timers set off. */
  address?: string | undefined;
}

const storage = new AsyncLocalStorage<WorkContext>();

export const runInContext = <T>(context: WorkContext, work: () => T): T => storage.run(context, work);

/** The current context; work that nobody set off (a timer) starts a story of its own. */
export const currentContext = (): WorkContext => storage.getStore() ?? { correlationId: newUuid() };
