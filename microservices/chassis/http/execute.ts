import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Caller } from '../auth/caller.ts';
import { isQuery, type Contract, type Operation } from '../contract/index.ts';
import type { Database } from '../database/index.ts';
import { failureConstructors, Problem } from '../problem.ts';
import { commitWith, type Transaction } from '../transaction.ts';
import {
  claim,
  findAnswer,
  idempotentRequest,
  stillInFlight,
  type Answer,
  type IdempotentRequest,
} from './idempotency.ts';

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

export interface Executed {
  output: unknown;
  replayed: boolean;
}

type AnyHandler = (input: unknown, request: unknown) => Promise<unknown>;

export interface ExecutorOptions {
  contract: Contract;
  database: Database;
  handlers: Record<string, AnyHandler>;
  /** Events may have been appended. */
  onCommit: () => void;
}

/** Runs handlers with what the chassis promises around them: idempotency, one transaction a command, events, audit. */
export const createExecutor = (options: ExecutorOptions): ((call: Call) => Promise<Executed>) => {
  const inFlight = new Set<string>();
  return async (call) => {
    const handler = options.handlers[call.name];
    if (!handler) throw new Error(`${options.contract.domain} has no handler for ${call.name}`);
    const request = { caller: call.caller, errors: failureConstructors(call.declared.errors), body: call.body };
    if (isQuery(call.declared)) return { output: await handler(call.input, request), replayed: false };

    const idempotent = idempotencyOf(call);
    if (!idempotent) return runCommand(options, call, handler, request, undefined);
    const known = await findAnswer(options.database, idempotent);
    if (known) return replay(known);
    const slot = `${idempotent.caller} ${idempotent.key}`;
    // Within this process a repeat is told at once; across processes the claimed row makes it wait for the first to end.
    if (inFlight.has(slot)) throw stillInFlight(idempotent.key);
    inFlight.add(slot);
    try {
      return await runCommand(options, call, handler, request, idempotent);
    } finally {
      inFlight.delete(slot);
    }
  };
};

const idempotencyOf = (call: Call): IdempotentRequest | undefined =>
  call.idempotencyKey === undefined || call.declared.secretAnswer
    ? undefined
    : idempotentRequest(call.caller, call.idempotencyKey, call.name, call.input);

const replay = (answer: Answer): Executed => {
  if ('problem' in answer) {
    const problem = Problem.fromBody(answer.problem);
    problem.headers['idempotency-replayed'] = 'true';
    throw problem;
  }
  return { output: answer.output, replayed: true };
};

/** Carries an answer that another transaction gave first out of the transaction that found it. */
class AnsweredBefore extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('answered before');
    this.answer = answer;
  }
}

const runCommand = async (
  options: ExecutorOptions,
  call: Call,
  handler: AnyHandler,
  request: object,
  idempotent: IdempotentRequest | undefined,
): Promise<Executed> => {
  const keyBase = call.idempotencyKey ?? randomUUID();
  let failure: Problem | undefined;
  const commit = async (work: (tx: Transaction) => Promise<unknown>): Promise<unknown> => {
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
    if (result instanceof Problem) failure = result;
    return result;
  };
  const derivedKey = (step: string) =>
    createHash('sha256').update(`${call.name}\0${keyBase}\0${step}`).digest('base64url');
  try {
    const output = await handler(call.input, { ...request, commit, derivedKey });
    if (failure) throw failure;
    return { output, replayed: false };
  } catch (error) {
    if (error instanceof AnsweredBefore) return replay(error.answer);
    throw error;
  }
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
