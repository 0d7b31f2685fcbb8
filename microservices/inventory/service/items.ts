import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command, startOver } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Handlers } from '../context.ts';
import { locationId as locationIdShape, sku as skuShape } from '../contract/shapes.ts';
import {
  findItem,
  listItems,
  listLevels,
  lockItem,
  readAvailability,
  writeItem,
  type StockKey,
} from '../store/items.ts';

type Names = 'setItem' | 'getItem' | 'listItems' | 'listLevels' | 'getAvailability';

export const itemHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  setItem: command(async (tx, { expectedVersion, ...input }, { errors }) => {
    const version = await lockItem(tx, input.sku);
    requireVersion({ name: `The item ${input.sku}`, version }, expectedVersion, errors.VERSION_CONFLICT);
    if (!(await writeItem(tx, { ...input, version: (version ?? 0) + 1 }))) throw startOver(undefined);
    tx.append('inventory.item_described', input.sku, input);
    const item = await findItem(tx, input.sku);
    if (!item) throw new Error(`Item ${input.sku} is not there right after it was written`);
    return item;
  }),

  getItem: async ({ sku }, { errors }) => {
    const item = await findItem(database, sku);
    if (!item)
      throw errors.ITEM_NOT_FOUND(`There is no item ${sku}. Receive stock of it first.`, {
        sku,
      });
    const levels = await listLevels(database, { sku, sort: 'sku', limit: MOST_LEVELS }, undefined);
    return { ...item, levels };
  },

  listItems: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, stockKey);
    return toPage(await listItems(database, filter, after), filter.limit, (row) => [row.available, row.sku, '']);
  },

  listLevels: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, stockKey);
    return toPage(await listLevels(database, filter, after), filter.limit, (row) => [
      row.available,
      row.sku,
      row.locationId,
    ]);
  },

  getAvailability: async ({ skus }) => ({ items: await readAvailability(database, [...new Set(skus)]) }),
});

/** All levels of an item are returned at once; no shop has more locations than this for one SKU. */
const MOST_LEVELS = 10_000;

/** The position that the next page of stock starts after. */
const stockKey: z.ZodType<StockKey> = z.tuple([z.int(), skuShape, z.union([locationIdShape, z.literal('')])]);
