// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { pathOf, type Operation } from '../../microservices/chassis/contract/index.ts';
import { eventsContract } from '../../microservices/events/contract.ts';

const { createSubscription, listSubscriptions, updateSubscription, deleteSubscription } = eventsContract.operations;
const { pauseSubscription, resumeSubscription, rotateSecret } = eventsContract.operations;

const routeOf = (operation: Operation) => ({
  method: operation.method,
  path: pathOf(eventsContract, operation),
});

/** Where each operation on a subscription answers. */
export const routes = {
  create: routeOf(createSubscription),
  list: routeOf(listSubscriptions),
  update: routeOf(updateSubscription),
  delete: routeOf(deleteSubscription),
  pause: routeOf(pauseSubscription),
  resume: routeOf(resumeSubscription),
  rotateSecret: routeOf(rotateSecret),
};
