import type { Queryable } from '../chassis/database/index.ts';
import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { lockOutdatedSearch, saveProducts } from './store/products.ts';

const BATCH = 100;

/**
 * Writes a batch of outdated search documents again, and nothing else of their products; true when there may be more.
 */
export const refoldBatch = async (tx: Queryable): Promise<boolean> => {
  const products = await lockOutdatedSearch(tx, BATCH);
  await saveProducts(tx, products);
  return products.length === BATCH;
};

export const jobs = (context: Context): Job[] => [
  {
    // Search documents that earlier rules wrote are written again after an update of the platform; later runs find
    // none.
    name: 'refold-search',
    everyMs: 6 * 3_600_000,
    run: () => context.commit(refoldBatch),
  },
];
