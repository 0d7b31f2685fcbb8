import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { Contract, Operation } from '../contract/index.ts';
import type { FailureConstructors, Problem } from '../problem.ts';
import type { Transaction } from '../transaction.ts';

/** What every handler gets besides its input. */
export interface Request<Declared extends Operation> {
  caller: Caller;
  /** Constructors of the failures the operation declares. */
  errors: FailureConstructors<Declared['errors']>;
  /** The body of an operation with `stream`; empty otherwise. */
  body: Readable;
}

declare const committed: unique symbol;
/** Proof that an answer went through `commit`: a command cannot forget its transaction. */
export interface Committed<Output> {
  readonly [committed]: Output;
}

/** What a command's handler gets besides its input. */
export interface Command<Of extends Contract, Declared extends Operation> extends Request<Declared> {
  /**
   * The one transaction of a command. Its result is the answer, remembered under the caller's Idempotency-Key in the same transaction. Return a
   * Problem to commit and answer with a failure (it is remembered too); throw one to undo everything. The work may be run again.
   */
  commit: (
    work: (tx: Transaction<Of>) => Promise<z.input<Declared['output']> | Problem>,
  ) => Promise<Committed<z.input<Declared['output']>>>;
  /** A key derived from the caller's, for calls to other services before the commit, so that a repeat repeats them under the same keys. */
  derivedKey: (step: string) => string;
}

type IsQuery<Declared extends Operation> = Declared['method'] extends 'GET'
  ? true
  : Declared extends { readOnly: true }
    ? true
    : false;

export type Handler<Of extends Contract, Declared extends Operation> =
  IsQuery<Declared> extends true
    ? (input: z.output<Declared['input']>, request: Request<Declared>) => Promise<z.input<Declared['output']>>
    : (
        input: z.output<Declared['input']>,
        command: Command<Of, Declared>,
      ) => Promise<Committed<z.input<Declared['output']>>>;

/** One handler an operation: the service's side of its contract. */
export type Handlers<Of extends Contract> = { [Name in keyof Of['operations']]: Handler<Of, Of['operations'][Name]> };

/** Names the contract that a domain's handlers implement, so that each is typed by its operation. */
export const implementContract = <Of extends Contract>(_contract: Of, handlers: Handlers<Of>): Handlers<Of> => handlers;
