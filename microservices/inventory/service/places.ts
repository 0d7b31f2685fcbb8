import { readCursor, toPage } from '../../chassis/cursor.ts';
import { z } from 'zod';
import { isUniqueViolation } from '../../chassis/database/index.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Platform } from '../../chassis/service.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { inventoryContract } from '../contract.ts';
import {
  locationId as locationIdShape,
  priority,
  sku as skuShape,
  type Level,
  type Location,
} from '../contract/shapes.ts';
import { findItem, listItems, listLevels, readAvailability, writeItem, type StockKey } from '../store/items.ts';
import { ensureLevels, lockLevel, refreshed, writePolicy } from '../store/levels.ts';
import { findLocation, insertLocation, listLocations, lockLocation, writeLocation } from '../store/locations.ts';
import { reference } from '../../chassis/contract/index.ts';
import { aboutLevel, announceCrossings, levelAggregate, type InventoryTransaction } from './announce.ts';
import { noLocation } from './answers.ts';

type Contract = typeof inventoryContract;
type LocationNames = 'createLocation' | 'updateLocation' | 'getLocation' | 'listLocations';
type ItemNames = 'setItem' | 'getItem' | 'listItems' | 'setLevel' | 'listLevels' | 'getAvailability';

export const locationHandlers = (platform: Platform<Contract>): Pick<Handlers<Contract>, LocationNames> => ({
  createLocation: async (input, { commit, errors }) =>
    commit(async (tx) => {
      const location = { ...input, id: newId('loc'), city: input.city ?? null };
      const made = await insertLocation(tx, location).catch(orCodeTaken(input.code, errors.LOCATION_CODE_TAKEN));
      announceLocation(tx, made);
      return made;
    }),

  updateLocation: async ({ locationId, ...given }, { commit, errors }) =>
    commit(async (tx) => {
      const known = await lockLocation(tx, locationId);
      if (!known) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
      const wanted = withChanges(known, given);
      const written = await writeLocation(tx, wanted).catch(orCodeTaken(wanted.code, errors.LOCATION_CODE_TAKEN));
      announceLocation(tx, written);
      return written;
    }),

  getLocation: async ({ locationId }, { errors }) => {
    const location = await findLocation(platform.database, locationId);
    if (!location) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
    return location;
  },

  listLocations: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, z.tuple([priority, reference]));
    return toPage(await listLocations(platform.database, filter, after), filter.limit, (row) => [
      row.priority,
      row.code,
    ]);
  },
});

const announceLocation = (tx: InventoryTransaction, { id, code, kind, country, active }: Location): void => {
  tx.append('inventory.location_changed', id, { locationId: id, code, kind, country, active });
};

const orCodeTaken =
  (code: string, problem: (detail: string, data: { code: string }) => Problem) =>
  (error: unknown): never => {
    throw isUniqueViolation(error, 'location_code')
      ? problem(`Another location has the code ${code}. Choose another one.`, { code })
      : error;
  };

export const itemHandlers = (platform: Platform<Contract>): Pick<Handlers<Contract>, ItemNames> => ({
  setItem: async (input, { commit }) =>
    commit(async (tx) => {
      await writeItem(tx, input);
      tx.append('inventory.item_described', input.sku, input);
      const item = await findItem(tx, input.sku);
      if (!item) throw new Error(`Item ${input.sku} is not there right after it was written`);
      return item;
    }),

  getItem: async ({ sku }, { errors }) => {
    const item = await findItem(platform.database, sku);
    if (!item)
      throw errors.ITEM_NOT_FOUND(`Inventory knows no item ${sku}: it never had stock. Receive stock of it first.`, {
        sku,
      });
    const levels = await listLevels(platform.database, { sku, sort: 'sku', limit: MOST_LEVELS }, undefined);
    return { ...item, levels };
  },

  listItems: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, stockKey);
    return toPage(await listItems(platform.database, filter, after), filter.limit, (row) => [
      row.available,
      row.sku,
      '',
    ]);
  },

  setLevel: async ({ sku, locationId, ...given }, { commit, errors }) =>
    commit(async (tx) => {
      if (!(await ensureLevels(tx, locationId, [sku]))) throw errors.LOCATION_NOT_FOUND(...noLocation(locationId));
      const before = await lockLevel(tx, sku, locationId);
      const after: Level = refreshed(withChanges(before, given));
      const owed = after.reserved - after.onHand;
      if (!after.backorderable && owed > 0) {
        const detail = `${owed} of ${sku} are promised beyond what is there, so backorder cannot be switched off. Receive them first, or set backorderLimit to 0 to promise no more.`;
        throw errors.BACKORDERS_OPEN(detail, { owed });
      }
      await writePolicy(tx, after);
      const { safety, backorderable, backorderLimit, lowStockThreshold } = after;
      tx.append('inventory.policy_changed', levelAggregate(after), {
        ...aboutLevel(after),
        safety,
        backorderable,
        backorderLimit,
        lowStockThreshold,
      });
      announceCrossings(tx, [before], [after]);
      return lockLevel(tx, sku, locationId);
    }),

  listLevels: async ({ cursor, ...filter }) => {
    const after = readCursor(cursor, stockKey);
    return toPage(await listLevels(platform.database, filter, after), filter.limit, (row) => [
      row.available,
      row.sku,
      row.locationId,
    ]);
  },

  getAvailability: async ({ skus }) => ({ items: await readAvailability(platform.database, [...new Set(skus)]) }),
});

/** An item's levels are answered whole; nobody has more places than this for one SKU. */
const MOST_LEVELS = 10_000;

/** What list pages of stock are continued from. */
const stockKey: z.ZodType<StockKey> = z.tuple([z.int(), skuShape, z.union([locationIdShape, z.literal('')])]);
