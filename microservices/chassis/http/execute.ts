import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Caller } from '../auth/caller.ts';
import { isQuery, type Contract, type Operation } from '../contract/index.ts';
import type { Database } from '../database/index.ts';
import type { CommitNotes } from '../events/outbox.ts';
import { failureConstructors, Problem } from '../problem.ts';
import { commitWith, type Transaction } from '../transaction.ts';
import { Remembered, StartOver, stepsOf, type CommandRequest, type CommandSteps } from './command.ts';
import type { QueryHandler, Request } from './handlers.ts';
import { stillInFlight, type Answer, type IdempotentRequest, type StepScope } from './answer.ts';
import { claim, idempotentRequest, locate } from './idempotency.ts';

// Runs a request that was routed, authenticated and validated, and makes its response.

/** One request to one operation. */
export interface Call {
  name: string;
  declared: Operation;
  input: unknown;
  caller: Caller;
  body: Readable;
  idempotencyKey: string | undefined;
  /** Given for a step of a journey, whose repeats may send something else. */
  scope?: StepScope | undefined;
  /** Where the request came from, for the audit log. */
  address: string | undefined;
}

export interface Executed {
  output: unknown;
  replayed: boolean;
}

export interface ExecutorOptions {
  contract: Contract;
  database: Database;
  /** By operation. */
  handlers: Record<string, unknown>;
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
    if (isQuery(call.declared)) return first(await (handler as QueryHandler<Operation>)(call.input, request));

    const idempotent = idempotencyOf(call);
    const prepares = preparesFirst(handler);
    const running = { options, call, handler, request, idempotent, prepares };
    if (!idempotent) return first(await runCommand(running));
    const slot = `${idempotent.caller} ${idempotent.key}`;
    // Within this process a repeat is refused at once; across processes the claimed row makes it wait for the first to end.
    const isRepeat = inFlight.has(slot);
    if (isRepeat || prepares) {
      const located = await locate(options.database, idempotent);
      if ('answer' in located) return replay(located.answer);
      running.idempotent = { ...idempotent, key: located.key };
      if (isRepeat || inFlight.has(slot)) throw stillInFlight(idempotent.key);
    }
    inFlight.add(slot);
    try {
      return first(await runCommand(running));
    } catch (error) {
      if (!(error instanceof AnsweredBefore)) throw error;
      const located = error.answer ? { answer: error.answer } : await locate(options.database, idempotent);
      if ('answer' in located) return replay(located.answer);
      throw stillInFlight(idempotent.key);
    } finally {
      inFlight.delete(slot);
    }
  };
};

/** A command that asks others before its transaction has the stored response looked up first; for all others the claim is the look-up. */
const preparesFirst = (handler: unknown): boolean => stepsOf(handler)?.prepare !== undefined;

const first = (output: unknown): Executed => ({ output, replayed: false });

const replay = (answer: Answer): Executed => {
  if ('problem' in answer) {
    const problem = Problem.fromBody(answer.problem);
    problem.headers['idempotency-replayed'] = 'true';
    throw problem;
  }
  return { output: answer.output, replayed: true };
};

const idempotencyOf = (call: Call): IdempotentRequest | undefined =>
  call.idempotencyKey === undefined || call.declared.secretAnswer
    ? undefined
    : idempotentRequest(call.caller, call.idempotencyKey, call.name, call.input, call.scope);

interface RunningCommand {
  options: ExecutorOptions;
  call: Call;
  handler: unknown;
  request: Request<Operation>;
  idempotent: IdempotentRequest | undefined;
  /** True when the handler asks others, under keys derived from this one, before it commits. */
  prepares: boolean;
}

const runCommand = async (running: RunningCommand): Promise<unknown> => {
  const { call, handler, idempotent } = running;
  const request = { ...running.request, derivedKey: keysFrom(call.name, idempotent?.key ?? call.idempotencyKey) };
  const steps = stepsOf(handler);
  if (!steps) throw new Error(`${call.name} is a command: its handler is made by command(…).`);
  const prepared = await steps.prepare?.(call.input, request);
  const output = await commitPrepared(running, steps, request, prepared);
  if (output instanceof Remembered) throw output.problem;
  await steps.after?.(output, call.input);
  return output;
};

const keysFrom = (name: string, key: string = randomUUID()): CommandRequest<Operation>['derivedKey'] => {
  return (step) => createHash('sha256').update(`${name}\0${key}\0${step}`).digest('base64url');
};

const MOST_STARTS = 5;

const commitPrepared = async (
  running: RunningCommand,
  { commit }: CommandSteps<Contract, Operation>,
  request: CommandRequest<Operation>,
  prepared: unknown,
): Promise<unknown> => {
  for (let start = 1; ; start += 1) {
    try {
      return await transact(running, (tx) => commit(tx, running.call.input, request, prepared));
    } catch (error) {
      if (!(error instanceof StartOver) || start === MOST_STARTS) throw error;
      prepared = error.prepared;
    }
  }
};

/** Carries a response that another transaction gave first out of the transaction that found it. */
class AnsweredBefore extends Error {
  readonly answer: Answer | undefined;
  constructor(answer?: Answer) {
    super('answered before');
    this.answer = answer;
  }
}

/** One transaction that claims the key, does the work and remembers the response. */
const transact = async (
  { options, call, idempotent, prepares }: RunningCommand,
  work: (tx: Transaction) => Promise<unknown>,
): Promise<unknown> => {
  let key: string | undefined;
  const outcome = await commitWith(
    options.database,
    options.contract,
    async (tx) => {
      const claimed = idempotent && (await claim(tx, idempotent, prepares));
      if (claimed === 'answered before') throw new AnsweredBefore();
      if (claimed && 'answer' in claimed) throw new AnsweredBefore(claimed.answer);
      key = claimed?.key;
      const result = await work(tx);
      if (result instanceof Problem)
        throw new Error(`${call.name} returns a failure: throw it, or return remember(…) to keep it.`, {
          cause: result,
        });
      return result;
    },
    (result) =>
      notesFor(options.contract, call, idempotent && key ? { caller: idempotent.caller, key } : undefined, result),
  );
  options.onCommit();
  return outcome;
};

/** Statements that commit with the work: the response under its key, and a line of the audit log unless it was refused. */
const notesFor = (
  contract: Contract,
  call: Call,
  claimed: Pick<IdempotentRequest, 'caller' | 'key'> | undefined,
  outcome: unknown,
): CommitNotes => {
  const refusal = outcome instanceof Remembered ? outcome.problem : undefined;
  const answer = refusal ? { problem: refusal.toBody() } : { output: outcome ?? null };
  return {
    ...(claimed ? { answer: { ...claimed, answer } } : {}),
    ...(refusal
      ? {}
      : {
          audit: {
            operation: `${contract.domain}.${call.name}`,
            caller: `${call.caller.kind}:${call.caller.id}`,
            address: call.address,
          },
        }),
  };
};
