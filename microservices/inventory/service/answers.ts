import type { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Level } from '../contract/shapes.ts';
import { removable } from '../policy/levels.ts';
import { decodeCursor } from '../store/cursor.ts';

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

/** The sort key in a list's cursor, if one was given; throws what `invalid` makes when this list did not give it out. */
export const readCursor = <Key>(
  cursor: string | undefined,
  shape: z.ZodType<Key>,
  invalid: (detail: string) => Problem,
): Key | undefined => {
  if (cursor === undefined) return undefined;
  const key = decodeCursor(cursor, shape);
  if (key === undefined) {
    throw invalid(`The cursor "${cursor}" is not one that this list gave out. Start again without a cursor.`);
  }
  return key;
};
