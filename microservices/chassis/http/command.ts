import type { z } from 'zod';
import type { Contract, Operation } from '../contract/index.ts';
import type { Problem } from '../problem.ts';
import type { Transaction } from '../transaction.ts';
import type { Request } from './handlers.ts';

/** One request to a command. */
export interface CommandRequest<Declared extends Operation> extends Request<Declared> {
  /**
   * A key derived from the caller's, for commands of other services: a repeated request repeats them under the same
   * keys.
   */
  derivedKey: (step: string) => string;
}

/**
 * The one transaction of a command: what it returns is the response. Throwing a failure undoes everything; `remember`
 * keeps it.
 */
type Commit<Of extends Contract, Declared extends Operation, Prepared> = (
  tx: Transaction<Of>,
  input: z.output<Declared['input']>,
  request: CommandRequest<Declared>,
  prepared: Prepared,
) => Promise<z.input<Declared['output']> | Remembered>;

export interface CommandSteps<Of extends Contract, Declared extends Operation, Prepared = unknown> {
  /**
   * Runs before the transaction, and not at all for a repeated request: it may ask other services. Throws a failure to
   * refuse.
   */
  prepare?: (input: z.output<Declared['input']>, request: CommandRequest<Declared>) => Promise<Prepared>;
  /**
   * Like `prepare`, for what changes nothing anywhere: it may run for a repeated request too, which saves a look-up for
   * all others.
   */
  read?: (input: z.output<Declared['input']>, request: CommandRequest<Declared>) => Promise<Prepared>;
  /** Runs in one transaction, perhaps more than once: it must not act outside the database. */
  commit: Commit<Of, Declared, Prepared>;
  /**
   * Runs once after the transaction has committed, and not for a repeated request or a rehearsal. A crash in between
   * skips it.
   */
  after?: (output: z.input<Declared['output']>, input: z.output<Declared['input']>) => void | Promise<void>;
}

declare const handles: unique symbol;
/** Handles an operation that changes something; made by `command` alone. */
export interface CommandHandler<Of extends Contract, Declared extends Operation> {
  readonly [handles]: (of: Of, declared: Declared) => void;
}

/** Marks command handlers at run time, where types are gone. */
const commands = new WeakSet<object>();

/**
 * Declares how an operation that changes something is handled: by one transaction, `command(async (tx, input, request)
 * => …)`, or by steps, `command({ prepare or read, commit, after })`. The transaction also claims the request's
 * Idempotency-Key and remembers the response under it.
 */
export const command = <Of extends Contract, Declared extends Operation, Prepared = undefined>(
  work: Commit<Of, Declared, undefined> | CommandSteps<Of, Declared, Prepared>,
): CommandHandler<Of, Declared> => {
  const steps = typeof work === 'function' ? { commit: work } : work;
  commands.add(steps);
  return steps as unknown as CommandHandler<Of, Declared>;
};

/** The steps of a handler that `command` made, untyped as the executor runs them; undefined for a query. */
export const stepsOf = (handler: unknown): CommandSteps<Contract, Operation> | undefined =>
  typeof handler === 'object' && handler !== null && commands.has(handler)
    ? (handler as CommandSteps<Contract, Operation>)
    : undefined;

/** A refusal that is kept. */
export class Remembered {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

/**
 * Refuses and keeps the transaction: its events are published, and a repeated request gets the same refusal. Returned
 * from `commit`.
 */
export const remember = (problem: Problem): Remembered => new Remembered(problem);

/** Undoes the transaction and lets `commit` run again with other preparations. */
export class StartOver extends Error {
  readonly prepare: () => unknown;
  constructor(prepare: () => unknown) {
    super('the transaction started over too often');
    this.prepare = prepare;
  }
}

/**
 * Thrown from `commit` when others overtook what was prepared: everything is undone, and it runs again with this
 * instead.
 */
export const startOver = (prepared: unknown): StartOver => new StartOver(() => prepared);

/**
 * Thrown from `commit` when it needs something that it seldom needs: everything is undone, and it runs again with what
 * `prepare` returns. That runs outside the transaction, so it may ask other services.
 */
export const startOverWith = (prepare: () => Promise<unknown>): StartOver => new StartOver(prepare);
