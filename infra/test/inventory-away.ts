import { inventoryContract } from '../../microservices/inventory/contract.ts';

/** For tests of the catalog in which stock does not matter: only the topic of inventory is needed. */
export const inventoryAway = { contract: inventoryContract, url: 'http://127.0.0.1:9' };
