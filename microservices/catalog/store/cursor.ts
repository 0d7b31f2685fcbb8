import type { z } from 'zod';
import type { Page } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';

/** Where a page ended, as an opaque text: the sort key of its last item. */
export const encodeCursor = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key in a cursor, or undefined without one. Throws 400 for a text that no list of this kind gave out. */
export const decodeCursor = <Key extends z.ZodType>(
  cursor: string | undefined,
  key: Key,
): z.output<Key> | undefined => {
  if (cursor === undefined) return undefined;
  const read = key.safeParse(parsed(cursor));
  if (read.success) return read.data;
  throw new Problem({
    code: 'INVALID_CURSOR',
    status: 400,
    title: 'This cursor is not from this list',
    detail: `The cursor "${cursor}" was not given out by this list with these filters. Start without a cursor and use nextCursor of each page.`,
  });
};

const parsed = (cursor: string): unknown => {
  try {
    const text = Buffer.from(cursor, 'base64url').toString('utf8');
    // What no text column can hold cannot have come from one.
    return /\\u0000|\\ud[89a-f]/i.test(text) ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
};

/** A page out of rows that were asked with one more than `limit`. */
export const toPage = <Row, Item = Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly unknown[],
  toItem: (row: Row) => Item,
): Page<Item> => {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(toItem), nextCursor: last && rows.length > limit ? encodeCursor(keyOf(last)) : null };
};
