import { Readable } from 'node:stream';
import type { Authenticate } from './auth/authenticate.ts';
import { admit } from './auth/authorize.ts';
import { createClient, withRetries, type CallOptions, type Client, type ClientOptions } from './client.ts';
import { currentContext, noCosts, runInContext } from './context.ts';
import { isQuery, type Contract } from './contract/index.ts';
import { refuseWhileHolding } from './database/holding.ts';
import type { Call, Executed } from './http/execute.ts';
import type { Observe } from './http/serve-contract.ts';
import { toProblem } from './http/to-problem.ts';
import { invalidInput } from './http/validate.ts';
import { failedAt } from './problem.ts';
import type { Logger } from './telemetry/log.ts';
import { inSpan } from './telemetry/tracing.ts';

/** A service of this process, as the others may ask it. */
export interface Neighbour {
  execute: (call: Call) => Promise<Executed>;
  log: Logger;
  observe: Observe;
}

/** The services of this process, by domain; each adds itself when it has started and takes itself out when it stops. */
export type Neighbours = Map<string, Neighbour>;

export interface NeighbourOptions extends ClientOptions {
  neighbours: Neighbours;
  authenticate: Authenticate;
}

/**
 * A client that reaches a service of the same process by a call and any other over HTTP. Both ways pass the same
 * authentication, authorization, validation, idempotency and retries, and only JSON goes across; a call costs a tenth
 * of the request.
 */
export const createNeighbourClient = <Of extends Contract>(contract: Of, options: NeighbourOptions): Client<Of> => {
  // Typed by the contract; here any operation is called by its name.
  const overHttp = createClient(contract, options) as unknown as Record<
    string,
    (input: unknown, call?: CallOptions) => Promise<unknown>
  >;
  return Object.fromEntries(
    Object.entries(contract.operations).map(([name, declared]) => [
      name,
      async (input: unknown, call: CallOptions = {}) => {
        refuseWhileHolding();
        // Looked up at every call: services start in any order, and stop.
        const neighbour = options.neighbours.get(contract.domain);
        if (!neighbour || declared.stream || declared.download) return overHttp[name]?.(input, call);
        const repeatable = isQuery(declared) || call.idempotencyKey !== undefined;
        return withRetries(repeatable ? (options.attempts ?? 4) : 1, () =>
          askNeighbour(contract, name, neighbour, options, input, call),
        ).catch(failedAt(`${contract.domain}.${name}`));
      },
    ]),
  ) as Client<Of>;
};

const askNeighbour = async (
  contract: Contract,
  name: string,
  neighbour: Neighbour,
  options: NeighbourOptions,
  input: unknown,
  { credential, idempotencyKey }: CallOptions,
): Promise<unknown> => {
  const started = performance.now();
  const costs = noCosts();
  const observe = (status: number): void =>
    neighbour.observe(name, status, (performance.now() - started) / 1000, costs);
  const { correlationId, address, rehearsal } = currentContext();
  const context = { correlationId, causationId: correlationId, address, rehearsal, costs };
  try {
    const output = await runInContext(context, () =>
      inSpan({ name: `call ${contract.domain}.${name}`, kind: 'server' }, () =>
        perform(contract, name, neighbour, options, { input, credential, idempotencyKey }),
      ),
    );
    observe(contract.operations[name]?.successStatus ?? 200);
    return output;
  } catch (error) {
    const problem = toProblem(neighbour.log, error);
    observe(problem.status);
    throw problem;
  }
};

const perform = async (
  contract: Contract,
  name: string,
  { execute }: Neighbour,
  options: NeighbourOptions,
  {
    input,
    credential,
    idempotencyKey,
  }: { input: unknown; credential: string | undefined; idempotencyKey: string | undefined },
): Promise<unknown> => {
  const declared = contract.operations[name];
  if (!declared) throw new Error(`The contract of ${contract.domain} declares no operation ${name}`);
  const own = typeof options.credential === 'function' ? options.credential() : options.credential;
  const presented = credential ?? own;
  const caller = await admit(options.authenticate, declared.access, presented ? `Bearer ${presented}` : undefined);
  const parsed = declared.input.safeParse(asJson(input ?? {}));
  if (!parsed.success) throw invalidInput(parsed.error);
  const { output } = await execute({
    name,
    declared,
    input: parsed.data,
    caller,
    body: Readable.from([]),
    idempotencyKey,
    address: currentContext().address,
  });
  const answer = declared.output.safeParse(output);
  if (!answer.success)
    throw new Error(`${contract.domain}.${name} answers what its contract does not allow: ${answer.error.message}`);
  return asJson(answer.data);
};

/** A copy as it would arrive over HTTP: no shared objects, no undefined, no dates. */
const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
