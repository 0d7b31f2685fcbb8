import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Caller } from '../auth/caller.ts';
import type { Contract, Operation } from '../contract/index.ts';
import type { Database } from '../database/index.ts';
import { Problem } from '../problem.ts';
import { commitWith, type Transaction } from '../transaction.ts';
import { claim, type Answer, type IdempotentRequest } from './idempotency.ts';

/** One request to one operation, after routing, authentication and validation. */
export interface Call {
  name: string;
  declared: Operation;
  input: unknown;
  caller: Caller;
  body: Readable;
  idempotencyKey: string | undefined;
  /** Where the request came from, for the audit log. */
  address: string | undefined;
}

export type AnyHandler = (input: unknown, request: unknown) => Promise<unknown>;

export interface ExecutorOptions {
  contract: Contract;
  database: Database;
  handlers: Record<string, AnyHandler>;
  /** Events may have been appended. */
  onCommit: () => void;
}

/** Carries an answer that another transaction gave first out of the transaction that found it. */
export class AnsweredBefore extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('answered before');
    this.answer = answer;
  }
}

type Work = (tx: Transaction) => Promise<unknown>;
type Commit = (work: Work) => Promise<unknown>;

export interface RunningCommand {
  options: ExecutorOptions;
  call: Call;
  handler: AnyHandler;
  request: object;
  idempotent: IdempotentRequest | undefined;
  /** Names of the operations that ask others before they commit. */
  askingFirst: Set<string>;
}

/** One transaction that claims the key, does the work and remembers the answer. */
const commitClaimed = async ({ options, call, idempotent }: RunningCommand, work: Work): Promise<unknown> => {
  const result = await commitWith(
    options.database,
    options.contract,
    async (tx) => {
      const first = idempotent && (await claim(tx, idempotent));
      if (first) throw new AnsweredBefore(first);
      return work(tx);
    },
    (outcome) => notesFor(options.contract, call, idempotent, outcome),
  );
  options.onCommit();
  return result;
};

/** Runs the handler; a failure that it committed to is thrown once it is done. */
const handle = async ({ call, handler, request }: RunningCommand, commit: Commit): Promise<unknown> => {
  const keyBase = call.idempotencyKey ?? randomUUID();
  const derivedKey = (step: string) =>
    createHash('sha256').update(`${call.name}\0${keyBase}\0${step}`).digest('base64url');
  let failure: Problem | undefined;
  const noting: Commit = async (work) => {
    const result = await commit(work);
    if (result instanceof Problem) failure = result;
    return result;
  };
  const output = await handler(call.input, { ...request, commit: noting, derivedKey });
  if (failure) throw failure;
  return output;
};

/** Runs the handler, which opens its transaction when it commits. */
export const runNow = (command: RunningCommand): Promise<unknown> =>
  handle(command, (work) => commitClaimed(command, work));

/** Undoes the claim of a key whose handler did not commit at once. */
const NOT_AT_ONCE = new Error('the handler did not commit at once');

/**
 * Claims the key and then asks the handler, whose work goes on in the same transaction: the claim is the look-up of the stored answer. No transaction
 * waits for what a handler asks of others: when it does not commit before it first waits, the claim is undone, and from then on this operation's answers
 * are looked up before its handler is asked.
 */
export const runClaimed = async (command: RunningCommand): Promise<unknown> => {
  let running: Promise<unknown> | undefined;
  let atOnce: { work: Work; done: PromiseWithResolvers<unknown> } | undefined;
  let isAsking = false;
  const commit: Commit = (work) => {
    if (isAsking && !atOnce) {
      atOnce = { work, done: Promise.withResolvers() };
      return atOnce.done.promise;
    }
    command.askingFirst.add(command.call.name);
    return commitClaimed(command, work);
  };
  const ask = (): Promise<unknown> => {
    isAsking = true;
    const asked = handle(command, commit);
    isAsking = false;
    // It is waited for at the end, perhaps only after it has failed.
    asked.catch(() => undefined);
    return asked;
  };
  const committing = commitClaimed(command, async (tx) => {
    running ??= ask();
    if (!atOnce) throw NOT_AT_ONCE;
    return atOnce.work(tx);
  });
  await committing.then(
    (result) => atOnce?.done.resolve(result),
    (error: unknown) => {
      if (atOnce) atOnce.done.reject(error);
      else if (error !== NOT_AT_ONCE) throw error;
    },
  );
  return running;
};

const notesFor = (contract: Contract, call: Call, idempotent: IdempotentRequest | undefined, outcome: unknown) => ({
  ...(idempotent
    ? {
        answer: {
          caller: idempotent.caller,
          key: idempotent.key,
          answer: outcome instanceof Problem ? { problem: outcome.toBody() } : { output: outcome ?? null },
        },
      }
    : {}),
  ...(outcome instanceof Problem
    ? {}
    : {
        audit: {
          operation: `${contract.domain}.${call.name}`,
          caller: `${call.caller.kind}:${call.caller.id}`,
          address: call.address,
        },
      }),
});
