import fc from 'fast-check';
import { fold, queryWords, searchable, searchWords, wordParts } from './search-words.ts';

describe('text as it is searched', () => {
  test.each([
    ['Café noir', 'cafe noir'],
    ['Cafe\u0301 noir', 'cafe noir'],
    ['İzmir ızgara', 'izmir izgara'],
    ['Łódź', 'lodz'],
    ['Ærø', 'aero'],
    ['Straße', 'strasse'],
    ['ΟΔΟΣ Οδός', 'οδοσ οδοσ'],
    ['Ёлка чай', 'елка чай'],
    ['ＡＢＣ１２', 'abc12'],
    ['ｶﾞﾗｽ', 'ガラス'],
    ['한국어', '한국어'],
    ['Zoë', 'zoe'],
  ])('%s is %s', (text, folded) => expect(fold(text)).toBe(folded));

  test('Hindi words stay whole', () => {
    expect(searchWords('हिन्दी की किताब')).toEqual(['हिन्दी', 'की', 'किताब']);
    expect(searchWords('भारतीय').flatMap(wordParts)).toEqual(['भारतीय']);
  });

  test('scripts without spaces are searched letter by letter', () => {
    expect(searchWords('日本茶100g').flatMap(wordParts)).toEqual(['日', '本', '茶', '100g']);
    expect(searchable('ชาเขียว')).toContain('ชา'.slice(0, 1));
    expect(searchable('緑茶、玄米茶')).toBe('緑 茶 玄 米 茶');
    expect(searchable('ラーメン')).toBe('ラ ー メ ン');
  });

  test('signs are no words, and "and" is no more than "&"', () => {
    for (const signs of ['%', '_', '&', '***', ' - ', '']) expect(queryWords(signs)).toEqual([]);
    expect(queryWords('procter and gamble')).toEqual(queryWords('Procter & Gamble'));
    expect(queryWords('and')).toEqual(['and']);
  });

  test('folding twice changes nothing, and composed and decomposed text are one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')));
        expect(searchable(searchable(text))).toBe(searchable(text));
      }),
    );
  });
});
