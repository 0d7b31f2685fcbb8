import { startTestPlatform, type TestPlatform } from '../../../infra/test/platform.ts';
import { startTwin } from '../../../infra/test/twin.ts';
import { createClient, type Client } from '../../chassis/client.ts';
import { inventoryContract } from '../contract.ts';
import { inventory } from '../index.ts';
import { remote } from '../testing.ts';

export type InventoryClient = Client<typeof inventoryContract>;

export interface TwoInstances {
  platform: TestPlatform;
  /** A client of the first instance. */
  api: () => InventoryClient;
  /** A client of the first for even numbers, of the second for odd ones. */
  both: (index: number) => InventoryClient;
  stop: () => Promise<void>;
}

const environment = { INVENTORY_EXPIRY_INTERVAL_MS: '50' };

/**
 * Two instances of the service that know each other only through the database and Kafka, as two processes do. The fault
 * suite runs the same races on processes of their own.
 */
export const startTwoInstances = async (): Promise<TwoInstances> => {
  const platform = await startTestPlatform({ services: [inventory], remote, environment });
  const twin = await startTwin(platform, { services: [inventory], remote, environment });
  // Patient clients: on a busy machine 500 at once may meet a full connection pool, and a call with a key is simply
  // made again.
  const clientOf = (url: string): InventoryClient =>
    createClient(inventoryContract, { url, credential: platform.adminKey, attempts: 8 });
  return {
    platform,
    api: () => clientOf(platform.url),
    both: (index) => clientOf(index % 2 === 0 ? platform.url : twin.url),
    stop: async () => {
      await twin.stop();
      await platform.stop();
    },
  };
};
