import { EXAMPLE, readNames } from './names.ts';
import { Refusal } from './refusal.ts';
import { pluralOf, singularOf, spellings } from './spelling.ts';

test('a name is spelled as code, tables, paths and sentences need it', () => {
  expect(spellings(['gift', 'note'])).toEqual({
    camel: 'giftNote',
    pascal: 'GiftNote',
    snake: 'gift_note',
    kebab: 'gift-note',
    spaced: 'gift note',
    sentence: 'Gift note',
    title: 'Gift Note',
    upper: 'GIFT_NOTE',
  });
});

test.each([
  ['note', 'notes'],
  ['story', 'stories'],
  ['box', 'boxes'],
  ['branch', 'branches'],
  ['day', 'days'],
])('the plural of %s is %s, and back', (singular, plural) => {
  expect(pluralOf(singular)).toBe(plural);
  expect(singularOf(plural)).toBe(singular);
});

test.each(['loyalty', 'gifting', 'access'])('%s is no plural', (noun) => expect(singularOf(noun)).toBeUndefined());

test('the thing is the singular of the domain unless it is given', () => {
  expect(readNames(['umbrellas'])).toEqual({
    domain: 'umbrellas',
    node: 'Umbrella',
    thing: ['umbrella'],
    things: ['umbrellas'],
  });
  expect(readNames(['gifting', 'gift-note'])).toEqual({ ...EXAMPLE, prefix: undefined });
});

test.each([
  [['Returns'], 'The domain holds "Returns"; it should be one word'],
  [['gift-notes'], 'The domain holds "gift-notes"; it should be one word'],
  [[''], 'The domain holds ""; it should be one word'],
  [['loyalty'], 'loyalty is no plural: say what it keeps too, for example npm run new:domain loyalty member.'],
  [['loyalty', 'Member'], 'The thing holds "Member"; it should be one to three lower-case words'],
  [['loyalty', 'club', 'member'], 'Give one domain and one thing.'],
])('%j is refused in words', (args, words) => {
  expect(() => readNames(args)).toThrow(Refusal);
  expect(() => readNames(args)).toThrow(words);
});
