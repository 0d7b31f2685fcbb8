import type { App } from '../chassis/app.ts';
import type { FailuresOf, HandlersOf } from '../chassis/http/handlers.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { customersContract } from './contract.ts';
import type { Passwords } from './service/passwords.ts';
import type { Secrets } from './service/secrets.ts';
import type { settings } from './settings.ts';

type Contract = typeof customersContract;

/** Everything that handlers and jobs of this domain work with. */
export interface Context extends App<Contract, typeof settings> {
  secrets: Secrets;
  passwords: Promise<Passwords>;
  /** Sends the codes that were written, without waiting for the job. */
  sendCodes: () => void;
}

/** One transaction of this domain. */
export type Tx = Transaction<Contract>;

/** The handlers of this domain, by operation. */
export type Handlers = HandlersOf<Contract>;

/** The failures that one operation declares. */
export type Failures<Operation extends keyof Handlers> = FailuresOf<Contract, Operation>;
