import type { Level } from '../contract/shapes.ts';
import { removable } from '../policy/levels.ts';

/** Detail and data of LOCATION_NOT_FOUND. */
export const noLocation = (locationId: string): [string, { locationId: string }] => [
  `There is no location ${locationId}. List the locations to find the right id.`,
  { locationId },
];

/** Detail and data of INSUFFICIENT_STOCK: how many units were to leave, and how many of them are promised to nobody. */
export const notFree = (wanted: readonly { before: Level; requested: number }[]) => {
  const lines = wanted
    .map(({ before, requested }) => ({
      sku: before.sku,
      locationId: before.locationId,
      requested,
      free: removable(before),
    }))
    .filter(({ requested, free }) => requested > free);
  const [first] = lines;
  const detail = first
    ? `${first.requested} of ${first.sku} cannot leave ${first.locationId}: ${first.free} are there and neither reserved nor allocated. Take fewer, release reservations first, or record a count when units are gone.`
    : 'Not enough stock is free.';
  return [detail, { lines }] as const;
};
