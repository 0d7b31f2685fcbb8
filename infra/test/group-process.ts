/** A process with the groups service alone, for tests that kill it. The services that it asks are elsewhere. */
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { groups } from '../../microservices/groups/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { serveProcess } from './serve-process.ts';

await serveProcess([groups], [catalogContract, customersContract, inventoryContract, ordersContract, walletContract]);
