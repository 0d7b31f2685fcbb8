import fc from 'fast-check';
import { editDistance } from '../../chassis/text/edit-distance.ts';
import { queryWords } from '../../chassis/text/search-words.ts';
import { correctedQuery, probablyMeant, toTsquery } from './query-words.ts';
import { searchTexts, wordsOf } from './search-texts.ts';
import { product } from './example-product.ts';

describe('queries', () => {
  test('typing errors are counted as a person would', () => {
    expect(editDistance('candle', 'candle')).toBe(0);
    expect(editDistance('cnadle', 'candle')).toBe(1);
    expect(editDistance('cande', 'candle')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  test('distance is symmetric, zero only for equals, and at most the longer word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        const distance = editDistance(left, right);
        expect(distance).toBe(editDistance(right, left));
        expect(distance === 0).toBe(left === right);
        expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
  });

  test('short words bear one error, longer ones two', () => {
    expect(probablyMeant('lamo', ['lamp', 'limb'])).toEqual(['lamp']);
    expect(probablyMeant('lamtren', ['candle', 'lantern'])).toEqual(['lantern']);
  });

  test('nothing that is typed becomes an operator', () => {
    const words = queryWords(`red & !(white | 'lan:tern') <-> \\ *`).map((word) => ({
      word,
      alternatives: word === 'tern' ? ['turn'] : [],
    }));
    expect(toTsquery(words)).toBe('(red) & (white) & (lan) & (tern:* | turn)');
    expect(correctedQuery(words)).toBe('red white lan turn');
    expect(correctedQuery(words.slice(0, 2))).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) =>
        queryWords(typed).every((word) => /^[\p{L}\p{N}\p{M}]+$/u.test(word)),
      ),
    );
  });

  test('a search document stays small however much is written', () => {
    const long = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `${String.fromCharCode(97 + (index % 26))}${index < 26 ? 'a' : 'b'}`,
        'word '.repeat(2_000),
      ]),
    );
    const texts = searchTexts(product({ description: long }));
    expect(texts.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(60_000);
    expect(texts[0]).toEqual({ config: 'english', weight: 'A', text: 'lantern' });
    expect(wordsOf(product({ brand: 'Hella & Co' }))).toEqual(['lantern', 'hella']);
  });
});
