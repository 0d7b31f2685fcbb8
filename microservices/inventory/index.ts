import { defineService } from '../chassis/service.ts';
import { inventoryContract } from './contract.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { expireBatch } from './service/settle.ts';
import { readSettings } from './settings.ts';

export const inventory = defineService({
  contract: inventoryContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => {
    const { expiryIntervalMs } = readSettings(platform.environment);
    return {
      handlers: handlers(platform),
      reactions,
      jobs: [{ name: 'expire-reservations', everyMs: expiryIntervalMs, run: () => platform.commit(expireBatch) }],
    };
  },
});
