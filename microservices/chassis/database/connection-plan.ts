import { DatabaseStartError } from './start-error.ts';

/** How many connections a process may open, and who may hold how many of them. */
export interface ConnectionPlan {
  /** All of the process together. */
  total: number;
  /** For the loops that look after all services at once. */
  own: number;
  /** Kept for each service, whatever the others do. */
  perService: number;
  /** Lent to services that need more than their own. */
  lent: number;
  /** The most that one service may hold, lent ones included. */
  mostPerService: number;
}

/** The loops of a process ask one thing at a time each: who has events, which jobs may run. */
const OWN = 2;
/** With two, a service goes on while one of its transactions waits for a lock. */
const KEPT_PER_SERVICE = 2;

/** The fewest connections that a process with so many services can do with. */
const fewestConnections = (services: number): number => OWN + services;

/**
 * Plans the connections of a process from the number of its services: two for each (one where there are not enough),
 * and the rest is lent to those that are busy, up to `mostPerService` each. So no service can take all that another
 * needs. Throws DatabaseStartError when there is not one for each.
 */
export const planConnections = ({
  services,
  mostPerService,
  most,
}: {
  services: number;
  mostPerService: number;
  most: number;
}): ConnectionPlan => {
  // A gateway alone.
  if (services === 0) return { total: OWN, own: OWN, perService: 0, lent: 0, mostPerService };
  const total = Math.min(most, OWN + services * mostPerService);
  const forServices = total - OWN;
  const perService = Math.min(KEPT_PER_SERVICE, mostPerService, Math.floor(forServices / services));
  if (perService < 1)
    throw new DatabaseStartError(
      `${services} services need at least ${fewestConnections(services)} database connections, and this process may open ${most}. Allow more with --connections (DATABASE_CONNECTIONS), or run fewer services in one process.`,
    );
  return { total, own: OWN, perService, lent: forServices - services * perService, mostPerService };
};
