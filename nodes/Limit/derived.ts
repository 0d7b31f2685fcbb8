// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { pathOf } from '../../microservices/chassis/contract/index.ts';
import { eventsContract } from '../../microservices/events/contract.ts';

const { useLimit } = eventsContract.operations;

/** Where a use of a limit is counted. */
export const place = { method: useLimit.method, path: pathOf(eventsContract, useLimit) as string };
