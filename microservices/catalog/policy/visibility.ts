import type { Caller } from '../../chassis/auth/caller.ts';

/** True for those who keep the catalog: they see unpublished products and the prices of groups, shoppers do not. */
export const keepsCatalog = (caller: Caller): boolean => caller.kind === 'key';
