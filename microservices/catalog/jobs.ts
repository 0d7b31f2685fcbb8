import type { Queryable } from '../chassis/database/index.ts';
import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { folderOf } from './policy/media-files.ts';
import { findLeftovers, forgetLeftover } from './store/media.ts';
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

const HOUR_MS = 3_600_000;

/** Deletes the files of uploads that broke off and of deleted media, some at a time; true when there may be more. */
export const removeLeftovers = async ({ database, objectStore, now }: Context): Promise<boolean> => {
  // An upload takes minutes; what is older is not under way any more.
  const ids = await findLeftovers(database, new Date(now().getTime() - HOUR_MS), 20);
  for (const id of ids) {
    const files = await objectStore.list(folderOf(id), { limit: 1_000 });
    for (const { key } of files) await objectStore.delete(key);
    await forgetLeftover(database, id);
  }
  return ids.length === 20;
};

export const jobs = (context: Context): Job[] => [
  {
    // Search documents that earlier rules wrote are written again after an update of the platform; later runs find
    // none.
    name: 'refold-search',
    everyMs: 6 * HOUR_MS,
    run: () => context.commit(refoldBatch),
  },
  { name: 'media-leftovers', everyMs: context.settings.leftoverIntervalMs, run: () => removeLeftovers(context) },
];
