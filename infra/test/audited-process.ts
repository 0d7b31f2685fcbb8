/** A process with customers, catalog and the audit trail, for tests that kill it. */
import { audit } from '../../microservices/audit/index.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { serveProcess } from './serve-process.ts';

await serveProcess([customers, catalog, audit], [inventoryContract]);
