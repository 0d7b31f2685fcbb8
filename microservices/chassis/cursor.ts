import { z } from 'zod';
import type { Page } from './contract/index.ts';
import { Problem } from './problem.ts';

/** The sort values of a row: where the page that ends with it ended. */
export type Position = readonly (string | number)[];

/** The position of lists in the order of one text. */
export const oneText = z.tuple([z.string()]);

/**
 * The failure of every list for a cursor that it did not give out; the documents show it for every operation with a
 * cursor.
 */
export const INVALID_CURSOR = {
  code: 'INVALID_CURSOR',
  status: 400,
  title: 'This cursor does not belong to this list',
} as const;

/** Where the next page begins, as text that callers pass back unread. */
export const writeCursor = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * The position that a cursor names, undefined on the first page. `position` is the shape of this list's positions,
 * which bounds what may reach the database; text that no database holds is refused whatever the shape. Throws 400 for a
 * cursor that no page of the list gave out.
 */
export const readCursor = <Read>(cursor: string | undefined, position: z.ZodType<Read>): Read | undefined => {
  if (cursor === undefined) return undefined;
  const read = position.safeParse(parsed(cursor));
  if (read.success) return read.data;
  throw new Problem({
    ...INVALID_CURSOR,
    detail: `The cursor ${JSON.stringify(shortened(cursor))} is not the nextCursor of a page of this list with this sorting. Leave it out to begin at the first page.`,
  });
};

const parsed = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'), storable) as unknown;
  } catch {
    return undefined;
  }
};

const storable = (_key: string, value: unknown): unknown => {
  if (typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed())) {
    throw new RangeError('no text column holds this');
  }
  return value;
};

const shortened = (cursor: string): string => (cursor.length > 60 ? `${cursor.slice(0, 60)}…` : cursor);

/** Cuts what was read with `limit + 1` to a page; the row that is too many only says that there is a next one. */
export function toPage<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => Position): Page<Row>;
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  toItem: (row: Row) => Item,
): Page<Item>;
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  toItem: (row: Row) => unknown = (row) => row,
): Page<unknown> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    items: kept.map((row) => toItem(row)),
    nextCursor: last !== undefined && rows.length > limit ? writeCursor(positionOf(last)) : null,
  };
}
