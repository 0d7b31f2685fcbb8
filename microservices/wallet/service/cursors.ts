/** A keyset cursor is the last item's id, or its sequence in a statement; anything else is none of ours. */
export const isIdCursor = (cursor: string, prefix: string): boolean =>
  new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(cursor);

/** The sequence a statement's cursor stands for, or undefined when it is none. */
export const sequenceCursor = (cursor: string): number | undefined =>
  /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;

export const unusableCursor = (cursor: string): string =>
  `The cursor ${JSON.stringify(cursor.slice(0, 60))} is not one of this list. Use nextCursor of the page before, or none to begin.`;

/** Cuts what was read with one row too many into a page. */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  answer: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(answer), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
};
