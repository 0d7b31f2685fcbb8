import fc from 'fast-check';
import { movesFrom, nextState, type ProductMove } from './lifecycle.ts';

const moves: ProductMove[] = ['submit', 'reject', 'publish', 'archive', 'restore'];

describe('a product’s life', () => {
  test.each([
    ['draft', ['submit', 'archive']],
    ['in_review', ['publish', 'reject', 'archive']],
    ['published', ['archive']],
    ['archived', ['restore']],
  ] as const)('%s allows %j and nothing else', (state, allowed) => {
    expect(movesFrom(state)).toEqual(allowed);
    for (const move of moves)
      expect(nextState(state, move) !== undefined).toBe((allowed as readonly string[]).includes(move));
  });

  test('whatever is tried, nothing is published without having been reviewed right before', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves)), (tried) => {
        let state: Parameters<typeof nextState>[0] = 'draft';
        for (const move of tried) {
          const next = nextState(state, move);
          if (next === 'published') expect(state).toBe('in_review');
          state = next ?? state;
        }
      }),
    );
  });
});
