import { z } from 'zod';
import { opaque } from './text.ts';

/** Input of every list: how many, and where the last page ended. */
export const pageQuery = {
  limit: z.int().min(1).max(200).default(50).describe('How many, 1 to 200'),
  cursor: opaque(2_000).optional().describe('nextCursor of the page before'),
};

/** Output of every list: its items and, when there are more, the cursor of the next page. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
