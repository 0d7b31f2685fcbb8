import fc from 'fast-check';
import { Problem } from '../chassis/problem.ts';
import { cursorText, oneText, readCursor, toPage } from './cursor.ts';
import { z } from 'zod';

const twoTexts = z.tuple([cursorText, cursorText]);
const storable = fc.string({ unit: 'grapheme', maxLength: 100 }).filter((text) => cursorText.safeParse(text).success);

test('the next page begins where the last one ended', () => {
  fc.assert(
    fc.property(fc.array(storable, { minLength: 2, maxLength: 20 }), (rows) => {
      const limit = rows.length - 1;
      const page = toPage(rows, limit, (row) => [row, 'id']);
      expect(page.items).toEqual(rows.slice(0, limit));
      expect(readCursor(page.nextCursor ?? undefined, twoTexts)).toEqual([rows[limit - 1], 'id']);
    }),
  );
});

test('the last page has no next one', () => {
  expect(toPage(['a', 'b'], 2, (row) => [row])).toEqual({ items: ['a', 'b'], nextCursor: null });
  expect(toPage([], 2, (row: string) => [row])).toEqual({ items: [], nextCursor: null });
  expect(readCursor(undefined, oneText)).toBeUndefined();
});

test('noise and cursors of other lists are refused with 400', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const wrong of [
    '',
    'noise',
    '%%%',
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
