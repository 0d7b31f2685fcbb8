import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { Contract, Operation } from '../contract/index.ts';
import type { FailureConstructors } from '../problem.ts';
import type { CommandHandler } from './command.ts';

/** One request to an operation, beside its input. */
export interface Request<Declared extends Operation> {
  caller: Caller;
  /** Constructors of the failures the operation declares. */
  errors: FailureConstructors<Declared['errors']>;
  /** The body of an operation with `stream`; empty otherwise. */
  body: Readable;
}

/** Handles an operation that changes nothing: a plain function. */
export type QueryHandler<Declared extends Operation> = (
  input: z.output<Declared['input']>,
  request: Request<Declared>,
) => Promise<z.input<Declared['output']>>;

type IsQuery<Declared extends Operation> = Declared['method'] extends 'GET'
  ? true
  : Declared extends { readOnly: true }
    ? true
    : false;

/** The handler of one operation: a function for a query, a `command` for all others. */
export type HandlerOf<Of extends Contract, Declared extends Operation> =
  IsQuery<Declared> extends true ? QueryHandler<Declared> : CommandHandler<Of, Declared>;

/** One handler an operation: the service's side of its contract. */
export type HandlersOf<Of extends Contract> = {
  [Name in keyof Of['operations']]: HandlerOf<Of, Of['operations'][Name]>;
};

/** Constructors of the failures that an operation declares: what its handler has as `errors`. */
export type FailuresOf<Of extends Contract, Name extends keyof Of['operations']> = FailureConstructors<
  Of['operations'][Name]['errors']
>;
