import { completenessOf } from './completeness.ts';
import { product, variant } from './example-product.ts';
import { misfits } from './fit.ts';
import { changedFields } from './record.ts';

describe('what fits and what is complete', () => {
  const reference = {
    attributes: new Map(),
    families: new Map(),
    categoryIds: new Set<string>(),
    mediaIds: new Set<string>(),
  };

  test('variants that cannot be distinguished, missing and surplus options are named', () => {
    const found = misfits(
      product({
        optionAxes: ['size'],
        variants: [variant('A', { size: 'S' }), variant('B', { size: 'S' }), variant('C', { hue: 'x' })],
      }),
      reference,
    );
    expect(found.map((gap) => gap.message)).toEqual([
      'C has no value for the option axis "size".',
      'C has a value for "hue", which is no option axis of the product.',
      'B and A have the same options: variants of a product differ in their option axes.',
    ]);
  });

  test('the score counts recommended things, the gaps only what publishing needs', () => {
    const a = variant('A');
    const family = { code: 'toys', title: { en: 'Toys' }, required: ['material'], optional: ['height'], version: 1 };
    const bare = completenessOf(product({ variants: [a] }), family, new Set());
    expect(bare.gaps.map((gap) => gap.field)).toEqual(['price', 'attribute.material']);
    const full = product({
      variants: [{ ...a, weightGrams: 1 }],
      attributes: { material: 'wood', height: 1 },
      description: { en: 'x' },
      images: [{ url: 'https://shop.example/a.png' }],
      categoryIds: ['cat_1'],
      brand: 'b',
    });
    expect(completenessOf(full, family, new Set([a.id]))).toEqual({ score: 100, gaps: [] });
    expect(bare.score).toBeLessThan(completenessOf({ ...full, brand: null }, family, new Set([a.id])).score);
  });

  test('the order of keys is no change', () => {
    const before = product({ attributes: { a: 1, b: 2 } });
    expect(changedFields(before, { ...before, attributes: { b: 2, a: 1 }, version: 9 })).toEqual([]);
    expect(changedFields(before, { ...before, brand: 'x', attributes: { b: 3, a: 1 } })).toEqual([
      'brand',
      'attributes',
    ]);
  });
});
