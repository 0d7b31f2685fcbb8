// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { eventsContract } from '../../microservices/events/contract.ts';
import { placeOf } from '../form/place.ts';

const { createSubscription, listSubscriptions, updateSubscription, deleteSubscription } = eventsContract.operations;
const { pauseSubscription, resumeSubscription, rotateSecret } = eventsContract.operations;

/** Where each operation on a subscription answers. */
export const routes = {
  create: placeOf(eventsContract, createSubscription),
  list: placeOf(eventsContract, listSubscriptions),
  update: placeOf(eventsContract, updateSubscription),
  delete: placeOf(eventsContract, deleteSubscription),
  pause: placeOf(eventsContract, pauseSubscription),
  resume: placeOf(eventsContract, resumeSubscription),
  rotateSecret: placeOf(eventsContract, rotateSecret),
};
