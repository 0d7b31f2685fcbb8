import type { z } from 'zod';
import type { Contract, Operation } from '../contract/index.ts';
import type { Problem } from '../problem.ts';
import type { Transaction } from '../transaction.ts';
import type { CommandRequest } from './command.ts';
import type { HandlerOf } from './handlers.ts';

// Handlers that get `commit` in their request: for the domains that have no `command` yet. Goes when the last one has.

declare const committed: unique symbol;
interface Committed<Output> {
  readonly [committed]: Output;
}

interface OldCommand<Of extends Contract, Declared extends Operation> extends CommandRequest<Declared> {
  commit: (
    work: (tx: Transaction<Of>) => Promise<z.input<Declared['output']> | Problem>,
  ) => Promise<Committed<z.input<Declared['output']>>>;
}

type OldHandler<Of extends Contract, Declared extends Operation> =
  HandlerOf<Of, Declared> extends (...given: never[]) => unknown
    ? HandlerOf<Of, Declared>
    : (
        input: z.output<Declared['input']>,
        request: OldCommand<Of, Declared>,
      ) => Promise<Committed<z.input<Declared['output']>>>;

export type Handlers<Of extends Contract> = {
  [Name in keyof Of['operations']]: OldHandler<Of, Of['operations'][Name]>;
};

export const implementContract = <Of extends Contract>(_contract: Of, handlers: Handlers<Of>): Handlers<Of> => handlers;

/** How the executor sees an old handler. */
export type AnyOldHandler = (
  input: unknown,
  request: object & { commit: (work: (tx: Transaction) => Promise<unknown>) => Promise<unknown> },
) => Promise<unknown>;
