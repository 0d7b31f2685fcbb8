// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { pathOf } from '../../microservices/chassis/contract/index.ts';
import { eventsContract } from '../../microservices/events/contract.ts';

const { assignSplit } = eventsContract.operations;

/** Where a branch of a split is assigned. */
export const place = { method: assignSplit.method, path: pathOf(eventsContract, assignSplit) as string };
