import type { StateTable } from '../../chassis/state-machine.ts';
import type { ProductState } from '../contract/shapes.ts';

export type ProductMove = 'submit' | 'reject' | 'publish' | 'archive' | 'restore';

export const productStates: StateTable<ProductState, ProductMove> = {
  draft: { submit: 'in_review', archive: 'archived' },
  in_review: { publish: 'published', reject: 'draft', archive: 'archived' },
  published: { archive: 'archived' },
  archived: { restore: 'draft' },
};
