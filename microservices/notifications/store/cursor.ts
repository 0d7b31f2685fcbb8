import { z } from 'zod';

const positions = {
  time: z.tuple([z.iso.datetime(), z.string().regex(/^ntf_[0-9a-f]{32}$/)]),
  name: z.tuple([z.string().regex(/^[a-z0-9-]{1,60}$/), z.string().regex(/^[A-Za-z-]{2,20}$/)]),
};

/** Where a page ended: what the list is sorted by, and what breaks ties. */
export type Position = [string, string];

export const encodeCursor = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** The position that a cursor names; undefined when it belongs to no list of this kind. */
export const decodeCursor = (cursor: string, kind: keyof typeof positions): Position | undefined => {
  try {
    return positions[kind].safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
};

/** A page out of one row more than was asked for: the extra row only says that there is more. */
export const toPage = <Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): { rows: Row[]; nextCursor: string | null } => {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
};

/** A text as a pattern that finds it anywhere, taken literally. */
export const containing = (text: string | undefined): string | null =>
  text === undefined ? null : `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
