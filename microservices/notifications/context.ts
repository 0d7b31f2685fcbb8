import type { App } from '../chassis/app.ts';
import type { FailuresOf, HandlersOf } from '../chassis/http/handlers.ts';
import type { Transaction } from '../chassis/transaction.ts';
import type { notificationsContract } from './contract.ts';
import type { Writer } from './service/writer.ts';
import type { settings } from './settings.ts';

type Contract = typeof notificationsContract;

/** Everything that handlers and jobs of this domain work with. */
export interface Context extends App<Contract, typeof settings> {
  /** Mail servers in the order they are tried; none: e-mail goes to the development inbox. */
  mailServers: readonly string[];
  /** Fill in templates: what is tried does not keep waiting what is sent. */
  writers: { messages: Writer; trials: Writer };
}

/** One transaction of this domain. */
export type Tx = Transaction<Contract>;

/** The handlers of this domain, by operation. */
export type Handlers = HandlersOf<Contract>;

/** The failures that one operation declares. */
export type Failures<Operation extends keyof Handlers> = FailuresOf<Contract, Operation>;
