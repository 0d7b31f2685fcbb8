/** A process with the catalog alone, for the test that reads its log. */
import { catalog } from '../../microservices/catalog/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { serveProcess } from '../test/serve-process.ts';

await serveProcess([catalog], [inventoryContract]);
