import fc from 'fast-check';
import { z } from 'zod';
import { pageQuery } from './contract/index.ts';
import { oneText, readCursor, toPage, writeCursor } from './cursor.ts';
import { Problem } from './problem.ts';

const textAndNumber = z.tuple([z.string(), z.int()]);
const storable = fc
  .string({ unit: 'grapheme', maxLength: 100 })
  .filter((text) => text.isWellFormed() && !text.includes('\u0000'));

test('the next page begins where the last one ended', () => {
  fc.assert(
    fc.property(fc.array(storable, { minLength: 2, maxLength: 20 }), (rows) => {
      const limit = rows.length - 1;
      const page = toPage(rows, limit, (row) => [row, row.length]);
      const last = rows[limit - 1];
      expect(page.items).toEqual(rows.slice(0, limit));
      expect(readCursor(page.nextCursor ?? undefined, textAndNumber)).toEqual([last, last?.length]);
    }),
  );
});

test('the last page has no next one', () => {
  expect(toPage(['a', 'b'], 2, (row) => [row])).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(toPage([], 2, (row: string) => [row])).toEqual({ items: [], nextCursor: null });
  expect(readCursor(undefined, oneText)).toBeUndefined();
});

test('rows become items after the position was taken from them', () => {
  const rows = [{ id: 'a' }, { id: 'b' }];
  expect(
    toPage(
      rows,
      1,
      (row) => [row.id],
      ({ id }) => id.toUpperCase(),
    ),
  ).toEqual({ items: ['A'], nextCursor: writeCursor(['a']) });
});

test('a cursor after a long text of any script is one that lists take', () => {
  const cursor = writeCursor(['福'.repeat(200), `cus_${'0'.repeat(32)}`]);
  expect(z.object(pageQuery).parse({ cursor }).cursor).toBe(cursor);
});

test('noise, cursors of other lists and text that no database holds are refused with 400', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const wrong of [
    '',
    'noise',
    '%%%',
    '\u0000',
    encoded([]),
    encoded(['a', 'b']),
    encoded([1]),
    encoded({ 0: 'a' }),
    encoded(['a\u0000']),
    encoded(['\ud800']),
  ]) {
    expect(() => readCursor(wrong, oneText)).toThrow(Problem);
  }
  expect(() => readCursor('noise', oneText)).toThrow('Leave it out to begin at the first page');
});
