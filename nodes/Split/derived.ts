// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { eventsContract } from '../../microservices/events/contract.ts';
import { placeOf } from '../form/place.ts';

/** Where a branch of a split is assigned. */
export const place = placeOf(eventsContract, eventsContract.operations.assignSplit);
