import type { z } from 'zod';

/** A page's end as an opaque text: the sort key of its last row. */
const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** The sort key in a cursor; undefined when this list did not give it out. `shape` bounds what may reach the database. */
export const decodeCursor = <Key>(cursor: string, shape: z.ZodType<Key>): Key | undefined => {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};

/** Rows were asked for with one more than the limit: that one only tells that there is a next page. */
export const toPage = <Row>(rows: Row[], limit: number, keyOf: (row: Row) => readonly (string | number)[]) => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
};

/** Text as an ILIKE pattern that finds it anywhere, its own wildcards taken literally. */
export const containing = (search: string | undefined): string | null =>
  search === undefined ? null : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
