import type { App } from '../chassis/app.ts';
import type { HandlersOf } from '../chassis/http/handlers.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { auditContract } from './contract.ts';
import type { settings } from './settings.ts';

type Contract = typeof auditContract;

/** Everything that handlers and jobs of this domain work with. */
export type Context = App<Contract, typeof settings>;

/** One transaction of this domain. */
export type Tx = Transaction<Contract>;

/** The handlers of this domain, by operation. */
export type Handlers = HandlersOf<Contract>;
