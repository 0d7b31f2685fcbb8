import { z } from 'zod';
import {
  choices,
  country,
  expectedVersion,
  line,
  operation,
  page,
  pageQuery,
  reference,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import { item, level, location, locationId, locationKind, locationNotFound, priority, sku } from './shapes.ts';

const read = { scope: 'inventory:read' };
const write = { scope: 'inventory:write' };
const codeTaken = { status: 409, title: 'Location code taken', data: z.object({ code: z.string() }) } as const;
const search = line(100).optional().describe('Part of a code, SKU, name or barcode');

/** Where stock lies: locations, items and their levels. */
const stockSort = choices({
  sku: 'By SKU, A to Z',
  '-sku': 'By SKU, Z to A',
  available: 'Least available first',
  '-available': 'Most available first',
}).describe('Which come first');

export const placeOperations = {
  createLocation: operation({
    method: 'POST',
    path: '/inventory/locations',
    title: 'Create location',
    description: 'Adds a warehouse, store, dark store or supplier that stock can lie in.',
    access: write,
    input: z.object({
      code: location.shape.code,
      name: location.shape.name,
      kind: locationKind.default('warehouse'),
      country,
      city: line(100).optional().describe('City, for people'),
      priority: priority.default(100),
    }),
    output: location,
    errors: { LOCATION_CODE_TAKEN: codeTaken },
    successStatus: 201,
  }),
  updateLocation: operation({
    method: 'PATCH',
    path: '/inventory/locations/{locationId}',
    title: 'Update location',
    description:
      'Changes the given fields of a location. Made inactive, it keeps its stock and its reservations but gets no new ones.',
    access: write,
    input: z.object({
      locationId,
      expectedVersion,
      code: location.shape.code.optional(),
      name: location.shape.name.optional(),
      kind: locationKind.optional(),
      country: country.optional(),
      city: line(100).nullable().optional(),
      priority: priority.optional(),
      active: z.boolean().optional().describe('Whether it gets new reservations'),
    }),
    output: location,
    errors: { LOCATION_NOT_FOUND: locationNotFound, LOCATION_CODE_TAKEN: codeTaken, VERSION_CONFLICT },
  }),
  getLocation: operation({
    method: 'GET',
    path: '/inventory/locations/{locationId}',
    title: 'Get location',
    description: 'One location by its id.',
    access: read,
    input: z.object({ locationId }),
    output: location,
    errors: { LOCATION_NOT_FOUND: locationNotFound },
  }),
  listLocations: operation({
    method: 'GET',
    path: '/inventory/locations',
    title: 'List locations',
    description: 'Locations, the first to be chosen first.',
    access: read,
    input: z.object({
      kind: locationKind.optional(),
      country: country.optional(),
      active: z.boolean().optional().describe('Whether active locations are meant, or the others'),
      search,
      sort: choices({ priority: 'Chosen first first', code: 'By code, A to Z', '-code': 'By code, Z to A' })
        .default('priority')
        .describe('Which locations come first'),
      ...pageQuery,
    }),
    output: page(location),
  }),

  setItem: operation({
    method: 'PUT',
    path: '/inventory/items',
    title: 'Describe item',
    description:
      'Gives a SKU the name and barcode that stock lists show and search. Items appear by themselves with their first stock.',
    access: write,
    input: z.object({
      sku,
      expectedVersion,
      name: line(200).nullable().default(null),
      barcode: reference.nullable().default(null),
    }),
    output: item,
    errors: { VERSION_CONFLICT },
  }),
  getItem: operation({
    method: 'GET',
    path: '/inventory/items/by-sku',
    title: 'Get item',
    description: 'One SKU: its totals and its level at every location.',
    access: read,
    input: z.object({ sku }),
    output: item.extend({ levels: z.array(level) }).meta({ id: 'StockItemWithLevels' }),
    errors: { ITEM_NOT_FOUND: { status: 404, title: 'Item not found', data: z.object({ sku }) } },
  }),
  listItems: operation({
    method: 'GET',
    path: '/inventory/items',
    title: 'List items',
    description: 'SKUs with their totals over all locations.',
    access: read,
    input: z.object({
      search,
      stock: choices({
        any: 'All items',
        in_stock: 'Something can be sold',
        out_of_stock: 'Nothing can be sold',
        low: 'At or below the threshold somewhere',
        oversold: 'More sold than there is',
      })
        .default('any')
        .describe('oversold: more units are reserved or allocated than are there'),
      sort: stockSort.default('sku'),
      ...pageQuery,
    }),
    output: page(item),
  }),

  listLevels: operation({
    method: 'GET',
    path: '/inventory/levels',
    title: 'List stock levels',
    description: 'Levels by SKU and location.',
    access: read,
    input: z.object({
      sku: sku.optional(),
      locationId: locationId.optional(),
      low: z.boolean().optional().describe('Whether those at or below their threshold are meant, or those above'),
      search,
      sort: stockSort.default('sku'),
      ...pageQuery,
    }),
    output: page(level),
  }),
  getAvailability: operation({
    method: 'POST',
    path: '/inventory/availability',
    title: 'Get availability',
    description: 'How many units of each SKU can be reserved now. Reserves nothing.',
    access: { scope: 'inventory:read', public: true },
    readOnly: true,
    input: z.object({ skus: z.array(sku).min(1).max(200).describe('SKUs to look up, 200 at most') }),
    output: z.object({
      items: z.array(
        z.object({
          sku,
          available: z.int().describe('Units that can be sold from stock, over all active locations'),
          backorderable: z.boolean().describe('Whether more can be ordered than is there'),
          incoming: z.int().describe('Units on their way'),
        }),
      ),
    }),
  }),
};
