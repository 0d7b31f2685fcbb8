import fc from 'fast-check';
import { toTsquery } from './query-words.ts';
import { foldedPhrase, phrasesOf, withSynonyms } from './synonyms.ts';

const synonyms = new Map([
  ['sofa', ['couch', 'two seater']],
  ['couch', ['sofa', 'two seater']],
  ['two seater', ['sofa', 'couch']],
  ['two', ['2']],
]);

test('phrases are compared without accents, capitals and signs', () => {
  expect(foldedPhrase('  Café-Tisch & "STUHL" ')).toBe('cafe tisch stuhl');
  expect(foldedPhrase('!!!')).toBe('');
});

test('the longest phrase wins, and each word is used once', () => {
  expect(withSynonyms(['red', 'two', 'seater'], synonyms).map(({ word }) => word)).toEqual(['red', 'two seater']);
  expect(withSynonyms(['two', 'red', 'sofa'], synonyms).map((each) => each.synonyms)).toEqual([
    ['2'],
    [],
    ['couch', 'two seater'],
  ]);
});

test('synonyms are choices of the query, phrases as neighbours', () => {
  expect(toTsquery(withSynonyms(['red', 'couch'], synonyms))).toBe('(red) & (couch:* | sofa | two <-> seater)');
  expect(toTsquery(withSynonyms(['two', 'seater', 'red'], synonyms))).toBe('(two <-> seater | sofa | couch) & (red:*)');
});

test('whatever the synonyms, the words of the query stay, in their order', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.tuple(phrase, fc.array(phrase))), (words, pairs) => {
      const known = new Map(pairs);
      const read = withSynonyms(words, known);
      expect(read.map((each) => each.word).join(' ')).toBe(words.join(' '));
      for (const each of read) expect(each.synonyms).toEqual(known.get(each.word) ?? []);
      for (const [named] of known) if (named === words.join(' ')) expect(read).toHaveLength(1);
      for (const each of read) expect(phrasesOf(words)).toContain(each.word);
    }),
  );
});
