import type { Handlers } from '../../chassis/http/handlers.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { Platform } from '../../chassis/service.ts';
import type { Transaction } from '../../chassis/transaction.ts';
import type { catalogContract } from '../contract.ts';
import type { CatalogSettings } from '../settings.ts';

type Catalog = typeof catalogContract;

/** What the catalog's handlers work with. */
export interface CatalogContext {
  platform: Platform<Catalog>;
  settings: CatalogSettings;
}

export type CatalogTransaction = Transaction<Catalog>;
export type CatalogHandlers<Names extends keyof Catalog['operations']> = Pick<Handlers<Catalog>, Names>;

/** Those who keep the catalog see what is not published, and the prices of groups; shoppers do not. */
export const keepsCatalog = (caller: Caller): boolean => caller.kind === 'key';
