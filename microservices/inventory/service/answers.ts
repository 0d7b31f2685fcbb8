import type { Caller } from '../../chassis/auth/caller.ts';
import type { Level } from '../contract/shapes.ts';
import { removable } from '../policy/levels.ts';

/** Who did it, as the ledger keeps it. */
export const actorOf = (caller: Caller): string => `${caller.kind}:${caller.id}`;

/** Detail and data of LOCATION_NOT_FOUND. */
export const noLocation = (locationId: string): [string, { locationId: string }] => [
  `There is no location ${locationId}. List the locations to find the right id.`,
  { locationId },
];

/** Detail and data of INSUFFICIENT_STOCK: what was to go, and how much of it nobody was promised. */
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
    ? `${first.requested} of ${first.sku} cannot leave ${first.locationId}: ${first.free} are there that nobody was promised. Take fewer, or release reservations first.`
    : 'Not enough stock is free.';
  return [detail, { lines }] as const;
};
