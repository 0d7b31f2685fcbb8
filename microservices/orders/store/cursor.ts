import { z } from 'zod';

const shape = z.tuple([z.union([z.string().max(400), z.int()]), z.string().max(64)]);

/** Where a page ended: the value it is sorted by and the id that breaks ties. */
export type Position = z.infer<typeof shape>;

export const encodeCursor = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** The position a cursor names; undefined when it is none of ours. `kind` is what the list is sorted by. */
export const decodeCursor = (cursor: string, kind: 'time' | 'number' | 'text'): Position | undefined => {
  try {
    const parsed = shape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (!parsed.success) return undefined;
    const [value, id] = parsed.data;
    const fits =
      kind === 'number'
        ? typeof value === 'number'
        : typeof value === 'string' && (kind === 'text' || z.iso.datetime().safeParse(value).success);
    const storable = `${value}${id}`;
    return fits && storable.isWellFormed() && !storable.includes('\u0000') ? [value, id] : undefined;
  } catch {
    return undefined;
  }
};

/** A page out of one row more than was asked for: the extra row only says that there is more. */
export const toPage = <Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => Position) => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
};

/** Text that LIKE takes literally. */
export const likeLiteral = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
