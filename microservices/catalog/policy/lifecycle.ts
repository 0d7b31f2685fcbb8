import type { ProductState } from '../contract/values.ts';

export type ProductMove = 'submit' | 'reject' | 'publish' | 'archive' | 'restore';

/** Every legal move of a product: state → move → next state. */
const MOVES: Record<ProductState, Partial<Record<ProductMove, ProductState>>> = {
  draft: { submit: 'in_review', archive: 'archived' },
  in_review: { publish: 'published', reject: 'draft', archive: 'archived' },
  published: { archive: 'archived' },
  archived: { restore: 'draft' },
};

/** The state after a move, or undefined when the move is not legal. */
export const nextState = (state: ProductState, move: ProductMove): ProductState | undefined => MOVES[state][move];

/** What is possible in a state. */
export const movesFrom = (state: ProductState): string[] => Object.keys(MOVES[state]);
