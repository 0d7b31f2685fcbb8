// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { pathOf } from '../../microservices/chassis/contract/index.ts';
import { eventsContract } from '../../microservices/events/contract.ts';

const { createWait } = eventsContract.operations;

/** Where a wait is registered. */
export const place = { method: createWait.method, path: pathOf(eventsContract, createWait) as string };
