import type { Queryable } from '../chassis/database/index.ts';
import type { Job } from '../chassis/jobs.ts';
import type { Platform } from '../chassis/service.ts';
import type { catalogContract } from './contract.ts';
import { lockOutdatedSearch, saveProducts } from './store/products.ts';

const BATCH = 100;

/** Writes a batch of outdated search documents again, and nothing else of their products; true when there may be more. */
export const refoldBatch = async (tx: Queryable): Promise<boolean> => {
  const products = await lockOutdatedSearch(tx, BATCH);
  await saveProducts(tx, products);
  return products.length === BATCH;
};

/** Writes the search documents again that earlier rules wrote, after an update of the platform; then finds nothing to do. */
export const refoldSearch = (platform: Platform<typeof catalogContract>): Job => ({
  name: 'refold-search',
  everyMs: 6 * 3_600_000,
  run: () => platform.commit(refoldBatch),
});
