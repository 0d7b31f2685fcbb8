import fc from 'fast-check';
import { decodeCursor, encodeCursor, likeLiteral, toPage } from './cursor.ts';

describe('cursors', () => {
  test('what was encoded is decoded', () => {
    expect(decodeCursor(encodeCursor(['2026-11-23T10:00:00.000Z', 'ord_1']), 'time')).toEqual([
      '2026-11-23T10:00:00.000Z',
      'ord_1',
    ]);
    expect(decodeCursor(encodeCursor([4_711, 'ord_1']), 'number')).toEqual([4_711, 'ord_1']);
    expect(decodeCursor(encodeCursor(['SUMMER', 'pro_1']), 'text')).toEqual(['SUMMER', 'pro_1']);
  });

  test('the cursor of another sorting, with unstorable text or of nobody’s making is none', () => {
    expect(decodeCursor(encodeCursor([1, 'a']), 'time')).toBeUndefined();
    expect(decodeCursor(encodeCursor(['yesterday', 'a']), 'time')).toBeUndefined();
    expect(decodeCursor(encodeCursor(['a', 'b']), 'number')).toBeUndefined();
    expect(decodeCursor(encodeCursor(['a\u0000', 'b']), 'text')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['undefined', 'object']).toContain(typeof decodeCursor(text, 'text'));
      }),
    );
  });

  test('a page has a next one exactly when a row more was found', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(toPage(rows, 3, ({ id }) => [id, id]).nextCursor).toBeNull();
    expect(toPage(rows, 2, ({ id }) => [id, id])).toEqual({
      items: rows.slice(0, 2),
      nextCursor: encodeCursor(['b', 'b']),
    });
    expect(toPage([], 2, () => ['', '']).nextCursor).toBeNull();
  });

  test('what LIKE would take as a pattern is taken literally', () => {
    expect(likeLiteral('50%_\\')).toBe('50\\%\\_\\\\');
  });
});
