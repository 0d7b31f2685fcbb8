import { after, type StateTable } from '../../chassis/state-machine.ts';
import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import type { ProductState } from '../contract/shapes.ts';
import { productStates, type ProductMove } from './states.ts';

// An archived product can always come back as a draft.
testStateMachine('a product', productStates, { initial: 'draft', final: [] });

test('only a product in review can be published', () => {
  const table: StateTable<ProductState, ProductMove> = productStates;
  const states = Object.keys(table) as ProductState[];
  expect(states.filter((state) => Object.values(table[state]).includes('published'))).toEqual(['in_review']);
  expect(after(table, 'in_review', 'publish')).toBe('published');
});
