import type { App } from '../chassis/app.ts';
import type { FailuresOf, HandlersOf } from '../chassis/http/handlers.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { paymentsContract } from './contract.ts';
import type { Psp } from './psp/port.ts';
import type { settings } from './settings.ts';

type Contract = typeof paymentsContract;

/** Everything that handlers, reactions and jobs of this domain work with. */
export interface Context extends App<Contract, typeof settings> {
  /** Who moves money, by name: `wallet`, `cash`, and payment providers. */
  providers: ReadonlyMap<string, Psp>;
  /** The provider of new card payments. */
  cardProvider: string;
}

/** One transaction of this domain. */
export type Tx = Transaction<Contract>;

/** The handlers of this domain, by operation. */
export type Handlers = HandlersOf<Contract>;

/** The failures that one operation declares. */
export type Failures<Operation extends keyof Handlers> = FailuresOf<Contract, Operation>;
