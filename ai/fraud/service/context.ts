import type { Caller } from '../../../microservices/chassis/auth/caller.ts';
import type { Handlers } from '../../../microservices/chassis/http/handlers.ts';
import type { Platform } from '../../../microservices/chassis/service.ts';
import type { Transaction } from '../../../microservices/chassis/transaction.ts';
import type { fraudContract } from '../contract.ts';
import type { FraudSettings } from '../settings.ts';

export type Fraud = typeof fraudContract;
export type FraudTransaction = Transaction<Fraud>;

export interface Context {
  platform: Platform<Fraud>;
  settings: FraudSettings;
  /** The key that devices and addresses are hashed with. */
  identityKey: () => Promise<string>;
}

/** How one operation's handler is made from the context. */
export type FraudHandler<Name extends keyof Handlers<Fraud>> = (context: Context) => Handlers<Fraud>[Name];

/** Who did it, as records and events say it: ids only. */
export const actorOf = (caller: Caller): string => `${caller.kind}:${caller.id}`;

/** A moment of a filter, for SQL. */
export const moment = (iso: string | undefined): Date | null => (iso === undefined ? null : new Date(iso));
