import fc from 'fast-check';
import { slug } from '../contract/values.ts';
import { variant } from './example-product.ts';
import { freeSlug, inLocale, slugify, variantTitle } from './texts.ts';

describe('texts', () => {
  test('a locale falls back to its language, then to the shop’s, then to any', () => {
    expect(inLocale({ en: 'e', de: 'd', 'de-AT': 'a' }, 'de-AT', 'en')).toBe('a');
    expect(inLocale({ en: 'e', de: 'd' }, 'de-CH', 'en')).toBe('d');
    expect(inLocale({ en: 'e', de: 'd' }, 'fr', 'en')).toBe('e');
    expect(inLocale({ de: 'd' }, 'fr', 'en')).toBe('d');
    expect(inLocale({}, 'fr', 'en')).toBe('');
  });

  test('a variant is named by its title, its options in the order of the axes, or nothing', () => {
    const { title, options } = variant('A', { colour: 'red', size: 'M' });
    expect(variantTitle({ title, options }, ['size', 'colour'], 'en', 'en')).toBe('M, red');
    expect(variantTitle({ title: { en: 'Big one' }, options }, ['size'], 'de', 'en')).toBe('Big one');
    expect(variantTitle({ title: null, options: {} }, [], 'en', 'en')).toBeNull();
  });

  test.each([
    ['Weiße Laterne, groß', 'weisse-laterne-gross'],
    ['  SET/4 RED "MINI" ', 'set-4-red-mini'],
    ['Ærøskøbing', 'aeroskobing'],
    ['日本', 'fall-back'],
  ])('slugify %j', (text, expected) => {
    expect(slugify(text, 'Fall back')).toBe(expected);
  });

  test('every slug that is made is one that the contract accepts, and free', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string(),
        fc.array(fc.string()),
        (text, fallback, others) => {
          const made = slugify(text, fallback);
          const free = freeSlug(made, new Set([...others, made, `${made}-2`]));
          expect(slug.safeParse(made).success && slug.safeParse(free).success).toBe(true);
          expect(free).toBe(`${made}-3`);
        },
      ),
    );
  });
});
