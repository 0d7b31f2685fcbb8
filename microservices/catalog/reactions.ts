import { react, type Reaction } from '../chassis/events/reaction.ts';
import { inventoryContract } from '../inventory/contract.ts';
import { writeArrival, writeStock } from './store/stock.ts';

/** The events that say how much of a SKU a location can sell afterwards. */
const LEVEL_NEWS = [
  'inventory.received',
  'inventory.adjusted',
  'inventory.policy_changed',
  'inventory.low',
  'inventory.replenished',
  'stock.out',
  'stock.back',
] as const;

/**
 * Follows which SKUs are in stock, for collections and feeds. What can be sold is decided by inventory alone.
 */
export const reactions: readonly Reaction[] = [
  ...LEVEL_NEWS.map((type) =>
    react(inventoryContract, type, async ({ data: { sku, locationId, available }, sequence }, tx) =>
      writeStock(tx, { sku, locationId, sequence, available }),
    ),
  ),
  // The first units of a SKU that come to a location by transfer are announced by no event of their level.
  react(inventoryContract, 'inventory.transferred', async ({ data: { state, toLocationId, lines } }, tx) => {
    if (state !== 'received') return;
    await writeArrival(
      tx,
      toLocationId,
      lines.map(({ sku }) => sku),
    );
  }),
];
