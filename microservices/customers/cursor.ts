import { z } from 'zod';
import type { Page } from '../chassis/contract/index.ts';
import { Problem } from '../chassis/problem.ts';

/** Where the next page begins, as text that callers pass back unread. */
const encode = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/** A part of a cursor that is compared as text. */
export const cursorText = z
  .string()
  .max(300)
  .refine((part) => !part.includes('\u0000') && part.isWellFormed());

/** The sort value of the last row seen, for lists in the order of one text. */
export const oneText = z.tuple([cursorText]);

/** The sort values of the last row seen, or undefined on the first page. Throws 400 for a cursor that no page of the list gave. */
export const readCursor = <Position>(
  cursor: string | undefined,
  position: z.ZodType<Position>,
): Position | undefined => {
  if (cursor === undefined) return undefined;
  const read = position.safeParse(parse(cursor));
  if (read.success) return read.data;
  throw new Problem({
    code: 'INVALID_CURSOR',
    status: 400,
    title: 'The request is not valid',
    detail: 'cursor: this is not the nextCursor of a page of this list. Leave it out to begin at the first page.',
  });
};

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** Cuts what was read with `limit + 1` to a page; the row that is too many only says that there is a next one. */
export const toPage = <Item>(
  rows: readonly Item[],
  limit: number,
  positionOf: (item: Item) => readonly string[],
): Page<Item> => {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && rows.length > limit ? encode(positionOf(last)) : null };
};
