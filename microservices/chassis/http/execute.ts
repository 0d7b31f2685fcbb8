import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { auditLine, type AuditLine } from '../audit/line.ts';
import type { Caller } from '../auth/caller.ts';
import { currentContext, isRehearsal, runInContext } from '../context.ts';
import { isQuery, type Contract, type Operation } from '../contract/index.ts';
import type { Database, OpenTransaction } from '../database/index.ts';
import type { CommitNotes } from '../events/outbox.ts';
import { lockCaller } from '../persons.ts';
import { failureConstructors, Problem } from '../problem.ts';
import { commitWith, type Transaction } from '../transaction.ts';
import { Remembered, StartOver, stepsOf, type CommandRequest, type CommandSteps } from './command.ts';
import type { QueryHandler, Request } from './handlers.ts';
import { stillInFlight, type Answer, type IdempotentRequest, type StepScope } from './answer.ts';
import { claim, claimAhead, idempotentRequest, locate } from './idempotency.ts';
import { refuseUnrehearsable } from './rehearsal.ts';
import { requireDeclared } from './undeclared.ts';

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
  /** Keeps the refusals of commands for the audit trail. */
  refused?: ((line: AuditLine) => void) | undefined;
}

/** Runs handlers with what the chassis promises around them: idempotency, one transaction a command, events, audit. */
export const createExecutor = (options: ExecutorOptions): ((call: Call) => Promise<Executed>) => {
  const inFlight = new Set<string>();
  const execute = async (call: Call): Promise<Executed> => {
    const handler = options.handlers[call.name];
    if (!handler) throw new Error(`${options.contract.domain} has no handler for ${call.name}`);
    if (isRehearsal()) refuseUnrehearsable(call.declared);
    const request = { caller: call.caller, errors: failureConstructors(call.declared.errors), body: call.body };
    if (isQuery(call.declared))
      return first(await runQuery(options, call, handler as QueryHandler<Operation>, request));

    const idempotent = idempotencyOf(call);
    const prepares = preparesFirst(handler);
    const running = { options, call, handler, request, idempotent, prepares };
    if (!idempotent) return first(await runAudited(running));
    const slot = `${idempotent.caller} ${idempotent.key}`;
    // Within this process a repeat is refused at once; across processes the claimed row makes it wait for the first to
    // end.
    const isRepeat = inFlight.has(slot);
    if (isRepeat || prepares) {
      const located = await locate(options.database, idempotent);
      if ('answer' in located) return replay(located.answer);
      running.idempotent = { ...idempotent, key: located.key };
      if (isRepeat || inFlight.has(slot)) throw stillInFlight(idempotent.key);
    }
    inFlight.add(slot);
    try {
      return first(await runAudited(running));
    } catch (error) {
      if (!(error instanceof AnsweredBefore)) throw error;
      const located = error.answer ? { answer: error.answer } : await locate(options.database, idempotent);
      if ('answer' in located) return replay(located.answer);
      throw stillInFlight(idempotent.key);
    } finally {
      inFlight.delete(slot);
    }
  };
  return (call) =>
    execute(call).catch((error: unknown) => {
      throw requireDeclared(options.contract.domain, call, error);
    });
};

/** Runs a query. One that is audited has its line in the trail before anything is handed out. */
const runQuery = async (
  options: ExecutorOptions,
  call: Call,
  handler: QueryHandler<Operation>,
  request: Request<Operation>,
): Promise<unknown> => {
  const output = await handler(call.input, request);
  if (!call.declared.audited) return output;
  // What is read in a rehearsal is real.
  await runInContext({ ...currentContext(), rehearsal: false }, () =>
    commitWith(
      options.database,
      options.contract,
      async () => undefined,
      () => ({ audit: auditLine(options.contract, call, { output: undefined }) }),
    ),
  );
  options.onCommit();
  return output;
};

/**
 * A command that asks others before its transaction has the stored response looked up first; for all others the claim
 * is the look-up.
 */
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

/**
 * A rehearsal is never a repeat: it finds out what would happen now, and leaves no response behind. A key that the real
 * call would be refused for is refused all the same.
 */
const idempotencyOf = (call: Call): IdempotentRequest | undefined => {
  if (call.idempotencyKey === undefined || call.declared.secretAnswer) return undefined;
  const request = idempotentRequest(call.caller, call.idempotencyKey, call.name, call.input, call.scope);
  return isRehearsal() ? undefined : request;
};

interface RunningCommand {
  options: ExecutorOptions;
  call: Call;
  handler: unknown;
  request: Request<Operation>;
  idempotent: IdempotentRequest | undefined;
  /** True when the handler asks others, under keys derived from this one, before it commits. */
  prepares: boolean;
}

/** Runs a command; a failure that its contract declares becomes a line of the audit trail. */
const runAudited = async (running: RunningCommand): Promise<unknown> => {
  const { options, call } = running;
  try {
    return await runCommand(running);
  } catch (error) {
    if (options.refused && !isRehearsal() && error instanceof Problem && error.code in call.declared.errors)
      options.refused(auditLine(options.contract, call, { refusal: error.code }));
    throw error;
  }
};

const runCommand = async (running: RunningCommand): Promise<unknown> => {
  const { call, handler, idempotent } = running;
  const request = { ...running.request, derivedKey: keysFrom(call.name, idempotent?.key ?? call.idempotencyKey) };
  const steps = stepsOf(handler);
  if (!steps) throw new Error(`${call.name} is a command: its handler is made by command(…).`);
  const prepared = steps.prepare
    ? await steps.prepare(call.input, request)
    : await steps.read?.(call.input, request).catch((error: unknown) => refuseOrReplay(running, error));
  const output = await commitPrepared(running, steps, request, prepared);
  if (output instanceof Remembered) throw output.problem;
  if (isRehearsal()) return output;
  await steps.after?.(output, call.input);
  return output;
};

/** What was read may have changed since the first of two equal requests, which still gets its response. */
const refuseOrReplay = async ({ options, idempotent }: RunningCommand, refusal: unknown): Promise<never> => {
  const located = idempotent && (await locate(options.database, idempotent));
  throw located && 'answer' in located ? new AnsweredBefore(located.answer) : refusal;
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
      prepared = await error.prepare();
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

/** Undoes what was done under a key that another transaction had claimed. */
class KeyTaken extends Error {}

/**
 * One transaction that claims the key, does the work and remembers the response. Mostly the key is new, so the claim
 * travels with the work's first statement. Where it is not, everything is undone, and the claim goes first.
 */
const transact = async (running: RunningCommand, work: Work): Promise<unknown> => {
  const { options, call, idempotent, prepares } = running;
  const lock = (tx: Transaction): Promise<void> => lockCaller(tx, options.contract, call.caller);
  const lockAndWork = async (tx: Transaction): Promise<unknown> => {
    await lock(tx);
    return work(tx);
  };
  if (!idempotent) return commitAs(running, async (tx) => ({ result: await lockAndWork(tx) }));
  try {
    return await commitAs(running, async (tx, ahead) => {
      const isOurs = claimAhead(ahead, idempotent);
      const result = await lockAndWork(tx).catch(async (error: unknown) => {
        throw (await isOurs()) ? error : new KeyTaken();
      });
      if (!(await isOurs())) throw new KeyTaken();
      return { result, key: idempotent.key };
    });
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error;
  }
  return commitAs(running, async (tx) => {
    await lock(tx);
    const claimed = await claim(tx, idempotent, prepares);
    if (claimed === 'answered before') throw new AnsweredBefore();
    if ('answer' in claimed) throw new AnsweredBefore(claimed.answer);
    return { result: await work(tx), key: claimed.key };
  });
};

type Work = (tx: Transaction) => Promise<unknown>;

/** Commits what `attempt` did, with the response under its key and a line in the audit log. */
const commitAs = async (
  { options, call, idempotent }: RunningCommand,
  attempt: (tx: Transaction, ahead: OpenTransaction['ahead']) => Promise<{ result: unknown; key?: string }>,
): Promise<unknown> => {
  const { result } = await commitWith(
    options.database,
    options.contract,
    async (tx, ahead) => {
      const done = await attempt(tx, ahead);
      if (done.result instanceof Problem)
        throw new Error(`${call.name} returns a failure: throw it, or return remember(…) to keep it.`, {
          cause: done.result,
        });
      return done;
    },
    ({ result, key }) =>
      notesFor(options.contract, call, idempotent && key ? { caller: idempotent.caller, key } : undefined, result),
  );
  if (!isRehearsal()) options.onCommit();
  return result;
};

/**
 * Statements that commit with the work: the response under its key, and a line of the audit log unless it was refused.
 */
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
    ...(refusal || call.declared.unaudited ? {} : { audit: auditLine(contract, call, { output: outcome }) }),
  };
};
