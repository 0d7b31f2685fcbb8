import type { KeyValue } from '../ports/key-value/port.ts';
import type { App } from '../chassis/app.ts';
import type { FailuresOf, HandlersOf } from '../chassis/http/handlers.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { walletContract } from './contract.ts';

type Contract = typeof walletContract;

/** Everything that handlers, reactions and jobs of this domain work with. */
export interface Context extends App<Contract> {
  /** Where recent balances are kept. */
  keyValue: KeyValue;
}

/** One transaction of this domain. */
export type Tx = Transaction<Contract>;

/** The handlers of this domain, by operation. */
export type Handlers = HandlersOf<Contract>;

/** The failures that one operation declares. */
export type Failures<Operation extends keyof Handlers> = FailuresOf<Contract, Operation>;
