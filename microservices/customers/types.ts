import type { z } from 'zod';
import type { OutputOf } from '../chassis/contract/index.ts';
import type { Caller } from '../chassis/auth/caller.ts';
import type { Handlers } from '../chassis/http/handlers.ts';
import type { Platform } from '../chassis/service.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { customersContract } from './contract.ts';
import type { session } from './contract/values.ts';
import type { Passwords } from './passwords.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

export type CustomersContract = typeof customersContract;
export type CustomersTransaction = Transaction<CustomersContract>;
export type Customer = OutputOf<CustomersContract, 'getCustomer'>;
export type SavedAddress = OutputOf<CustomersContract, 'addAddress'>;
export type Consent = OutputOf<CustomersContract, 'setConsent'>;
export type ConsentDecision = OutputOf<CustomersContract, 'listConsentHistory'>['items'][number];
export type Erasure = OutputOf<CustomersContract, 'getErasure'>;
export type ApiKey = OutputOf<CustomersContract, 'revokeApiKey'>;
export type SessionTokens = z.infer<typeof session>;

/** Some of the contract's handlers: each file of service/ implements its own. */
export type SomeHandlers<Names extends keyof CustomersContract['operations']> = Pick<
  Handlers<CustomersContract>,
  Names
>;

/** What every handler of the domain works with. */
export interface Kit {
  platform: Platform<CustomersContract>;
  settings: Settings;
  secrets: Secrets;
  passwords: Promise<Passwords>;
  /** Codes were written: send them now instead of at the next beat. */
  sendCodes: () => void;
}

/** How a caller is named in histories. */
export const nameOf = (caller: Caller): string => `${caller.kind}:${caller.id}`;
