import { z } from 'zod';
import { operation } from '../../chassis/contract/index.ts';
import { backordersOpen, level, locationId, locationNotFound, sku, stockDefaults } from './shapes.ts';

const read = { scope: 'inventory:read' };
const write = { scope: 'inventory:write' };
const units = z.int().min(0).max(1_000_000);
const errors = { LOCATION_NOT_FOUND: locationNotFound, BACKORDERS_OPEN: backordersOpen };

const rules = {
  safety: units.optional().describe('Units that are never sold'),
  backorderable: z.boolean().optional().describe('Whether more may be sold than is there'),
  backorderLimit: units.nullable().optional().describe('0 stops new backorders, null lifts the limit'),
  lowStockThreshold: units
    .nullable()
    .optional()
    .describe(
      'At this many available units or fewer the level is low, whatever the default of the shop; null for never',
    ),
  followsDefault: z
    .boolean()
    .optional()
    .describe('Whether the threshold is the default of the shop; leave lowStockThreshold out then'),
};

/** A threshold of its own and the default of the shop exclude each other. */
const isClear = (given: { lowStockThreshold?: unknown; followsDefault?: boolean | undefined }): boolean =>
  !(given.followsDefault && given.lowStockThreshold !== undefined);
const UNCLEAR = {
  message: 'give a threshold or follow the default of the shop, not both',
  path: ['lowStockThreshold'],
};

/** The rules by which stock is sold and watched. */
export const policyOperations = {
  setLevel: operation({
    method: 'PUT',
    path: '/inventory/levels',
    title: 'Set stock policy',
    description:
      'Sets the given rules of a SKU at a location: safety stock, backorder, low-stock threshold. Quantities change by receipts, adjustments, counts and transfers only.',
    access: write,
    input: z.object({ sku, locationId, ...rules }).refine(isClear, UNCLEAR),
    output: level,
    errors,
  }),
  setLevels: operation({
    method: 'PUT',
    path: '/inventory/levels/many',
    title: 'Set stock policies',
    description:
      'Sets the given rules of many SKUs at their locations, all or none. Levels that are not there yet are made.',
    access: write,
    input: z.object({
      levels: z
        .array(z.object({ sku, locationId, ...rules }).refine(isClear, UNCLEAR))
        .min(1)
        .max(500)
        .refine(
          (levels) => new Set(levels.map((one) => `${one.sku} ${one.locationId}`)).size === levels.length,
          'each SKU can be named once for a location',
        )
        .describe('SKUs and locations with the rules that they get'),
    }),
    output: z.object({ levels: z.array(level).describe('Sorted by SKU and location') }),
    errors,
  }),
  getStockDefaults: operation({
    method: 'GET',
    path: '/inventory/defaults',
    title: 'Get stock defaults',
    description: 'The rules of the shop for levels that have none of their own.',
    access: read,
    input: z.object({}),
    output: stockDefaults,
  }),
  setStockDefaults: operation({
    method: 'PUT',
    path: '/inventory/defaults',
    title: 'Set stock defaults',
    description:
      'Sets the low-stock threshold of all levels that have none of their own, new ones and, within seconds, those that are there.',
    access: write,
    input: z.object({ lowStockThreshold: units.nullable().describe('null for none') }),
    output: stockDefaults,
  }),
};
