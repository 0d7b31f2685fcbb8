import { isQuery } from '../contract/index.ts';
import { failureConstructors, Problem } from '../problem.ts';
import { AnsweredBefore, runClaimed, runNow, type Call, type ExecutorOptions, type RunningCommand } from './command.ts';
import { findAnswer, idempotentRequest, stillInFlight, type Answer, type IdempotentRequest } from './idempotency.ts';

export type { Call } from './command.ts';

export interface Executed {
  output: unknown;
  replayed: boolean;
}

/** Runs handlers with what the chassis promises around them: idempotency, one transaction a command, events, audit. */
export const createExecutor = (options: ExecutorOptions): ((call: Call) => Promise<Executed>) => {
  const inFlight = new Set<string>();
  const askingFirst = new Set<string>();
  return async (call) => {
    const handler = options.handlers[call.name];
    if (!handler) throw new Error(`${options.contract.domain} has no handler for ${call.name}`);
    const request = { caller: call.caller, errors: failureConstructors(call.declared.errors), body: call.body };
    if (isQuery(call.declared)) return { output: await handler(call.input, request), replayed: false };

    const idempotent = idempotencyOf(call);
    const command: RunningCommand = { options, call, handler, request, idempotent, askingFirst };
    if (!idempotent) return answered(runNow(command));
    const slot = `${idempotent.caller} ${idempotent.key}`;
    // Within this process a repeat is told at once; across processes the claimed row makes it wait for the first to end.
    const isRepeat = inFlight.has(slot);
    if (isRepeat || askingFirst.has(call.name)) {
      const known = await findAnswer(options.database, idempotent);
      if (known) return replay(known);
      if (isRepeat || inFlight.has(slot)) throw stillInFlight(idempotent.key);
    }
    inFlight.add(slot);
    try {
      return await answered(askingFirst.has(call.name) ? runNow(command) : runClaimed(command));
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

const answered = async (output: Promise<unknown>): Promise<Executed> => {
  try {
    return { output: await output, replayed: false };
  } catch (error) {
    if (error instanceof AnsweredBefore) return replay(error.answer);
    throw error;
  }
};
