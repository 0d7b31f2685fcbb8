/** The loop over items that all nodes of domains share. */
import { createHash } from 'node:crypto';
import {
  NodeApiError,
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type JsonObject,
  type INodeExecutionData,
} from 'n8n-workflow';
import { causeOf, type Cause } from './cause.ts';
import { failedItem, invalidForm, keyTaken, nodeError, type Problem } from './problem.ts';
import { isFormProblem, readInput } from './read-input.ts';
import type { Route, Routes } from './route.ts';
import { forgetPass, stepHeaders } from './step.ts';
import { send, type Request } from './transport.ts';

type Outcome = { ok: true; items: IDataObject[] } | { ok: false; problem: Problem };

/** Runs the chosen operation for each item, in order. An item that fails stops the node, or goes on as `{ error }` where the node is told to continue. */
export const executeOperations = async (
  context: IExecuteFunctions,
  routes: Routes,
): Promise<INodeExecutionData[][]> => {
  const run = Number(context.getWorkflowDataProxy(0).$runIndex) || 0;
  const asked: (Asked | Refused)[] = [];
  for (const index of context.getInputData().keys()) asked.push(await ask(context, routes, index));
  const headers = stepHeaders(context, run, asked.map(stepOf));
  try {
    return [await executeItems(context, asked, headers)];
  } catch (error) {
    forgetPass(context, run);
    throw error;
  }
};

/** What an item wants from the platform, before anything is sent. */
interface Asked {
  route: Route;
  operation: string;
  parameter: (name: string) => unknown;
  request: Request;
  cause: Cause;
  subject: unknown[];
  /** A hash of the file that is sent, where the operation takes one. */
  file?: string;
  /** The key that the analyst gave. */
  ownKey?: string;
}

/** An item whose form cannot be read. */
interface Refused {
  refuse: () => Outcome;
}

const refused = (problem: Problem): Refused => ({ refuse: () => ({ ok: false, problem }) });

const stepOf = (asked: Asked | Refused) => {
  if ('refuse' in asked || !asked.route.command || asked.ownKey !== undefined) return undefined;
  const { cause, operation, request, file, subject } = asked;
  // A file is all that its operation sends.
  return { cause, operation, subject: [subject, file], content: [request.path, request.body] };
};

const executeItems = async (
  context: IExecuteFunctions,
  asked: (Asked | Refused)[],
  headers: Record<string, string>[],
): Promise<INodeExecutionData[]> => {
  const returned: INodeExecutionData[] = [];
  for (const [index, one] of asked.entries()) {
    const outcome = await guarded(context, index, async () =>
      'refuse' in one ? one.refuse() : callOperation(context, one, headers[index] ?? {}, index),
    );
    if (outcome.ok) returned.push(...outcome.items.map((json) => ({ json, pairedItem: { item: index } })));
    else if (context.continueOnFail())
      returned.push({ json: failedItem(outcome.problem), pairedItem: { item: index } });
    else throw nodeError(context.getNode(), outcome.problem, index);
  }
  return returned;
};

/** An error that is no failure of the platform stops the node, or becomes one where the node is told to continue. */
const guarded = async (context: IExecuteFunctions, index: number, work: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await work();
  } catch (error) {
    // An expression that cannot be resolved, a missing credential: n8n's own words are the best there are.
    if (!context.continueOnFail()) {
      if (error instanceof NodeOperationError)
        throw new NodeOperationError(context.getNode(), error, { itemIndex: index });
      throw new NodeApiError(context.getNode(), asJson(error), { itemIndex: index });
    }
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: { code: 'NODE_FAILED', status: 0, title: 'The node could not run', detail } };
  }
};

const asJson = (error: unknown): JsonObject => ({ message: error instanceof Error ? error.message : String(error) });

/** Reads an item's form. All items are read before the first is sent: what is beside an item belongs to its key. */
const ask = async (context: IExecuteFunctions, routes: Routes, index: number): Promise<Asked | Refused> => {
  try {
    return await readForm(context, routes, index);
  } catch (error) {
    return {
      refuse: () => {
        throw error;
      },
    };
  }
};

const readForm = async (context: IExecuteFunctions, routes: Routes, index: number): Promise<Asked | Refused> => {
  // A parameter that the form does not show is not there at all; without something to fall back to, n8n throws.
  const parameter = (name: string): unknown => context.getNodeParameter(name, index, null);
  const operation = `${String(parameter('resource'))}.${String(parameter('operation'))}`;
  const route = routes[operation];
  if (!route)
    throw new NodeOperationError(
      context.getNode(),
      `This version of the node has no operation “${operation}”. Choose one of the list.`,
    );
  const input = readInput(route, { parameter, zone: context.getTimezone() });
  if (isFormProblem(input)) return refused(invalidForm(input));
  const request = requestOf(route, input);
  if ('problem' in request) return refused(request.problem);
  const own = context.getNodeParameter('options.idempotencyKey', index, '') as unknown;
  const file = route.stream ? await fileOf(context, parameter, index) : undefined;
  return {
    ...{ route, operation, parameter, request },
    cause: causeOf(context, index),
    subject: route.subject.map((name) => input[name] ?? null),
    ...(file !== undefined && { file: createHash('sha256').update(file).digest('base64url') }),
    ...(typeof own === 'string' && own.trim() !== '' && { ownKey: own.trim() }),
  };
};

const callOperation = async (
  context: IExecuteFunctions,
  { route, parameter, request, cause, ownKey }: Asked,
  step: Record<string, string>,
  index: number,
): Promise<Outcome> => {
  const headers: Record<string, string> = {
    ...(cause.correlationId && { 'x-correlation-id': cause.correlationId }),
    ...(cause.traceparent && { traceparent: cause.traceparent }),
    ...(route.command && ownKey !== undefined && { 'idempotency-key': ownKey }),
    ...step,
  };
  if (route.answer === 'paged') return collect(context, request, headers, wanted(parameter));
  const body = route.stream ? await fileOf(context, parameter, index) : request.body;
  const contentType: Record<string, string> = route.stream ? { 'content-type': route.stream } : {};
  const answer = await send(context, { ...request, body, headers: { ...headers, ...contentType } });
  if (!answer.ok)
    return { ok: false, problem: ownKey === undefined ? answer.problem : keyTaken(answer.problem, ownKey) };
  return { ok: true, items: route.answer === 'items' ? itemsOf(answer.body) : [answer.body as IDataObject] };
};

/** Path parameters into the path, the rest into the query of a GET or the body of anything else. */
const requestOf = (route: Route, input: Record<string, unknown>): Request | { problem: Problem } => {
  const rest = { ...input };
  const missing: string[] = [];
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = rest[name];
    delete rest[name];
    if (value === undefined || value === null || value === '') missing.push(name);
    return encodeURIComponent(String(value));
  });
  const [field] = missing;
  if (field !== undefined)
    return {
      problem: invalidForm({ kind: 'form-problem', field, message: 'It is empty, and the operation needs it.' }),
    };
  return route.method === 'GET' ? { method: 'GET', path, query: rest } : { method: route.method, path, body: rest };
};

const wanted = (parameter: (name: string) => unknown): number =>
  parameter('returnAll') === true ? Infinity : Math.max(1, Math.trunc(Number(parameter('limit') ?? 50)) || 50);

const PAGE = 200;

/** Page after page until there are as many as wanted, or no more. */
const collect = async (
  context: IExecuteFunctions,
  request: Request,
  headers: Record<string, string>,
  limit: number,
): Promise<Outcome> => {
  const items: IDataObject[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: Math.min(PAGE, limit - items.length), ...(cursor && { cursor }) };
    const answer = await send(context, { ...request, ...withPage(request, page), headers });
    if (!answer.ok) return answer;
    items.push(...itemsOf(answer.body));
    const next = (answer.body as { nextCursor?: unknown }).nextCursor;
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor && items.length < limit);
  return { ok: true, items };
};

const withPage = (request: Request, page: Record<string, unknown>): Partial<Request> =>
  request.method === 'GET'
    ? { query: { ...request.query, ...page } }
    : { body: { ...(request.body as Record<string, unknown>), ...page } };

const asText = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const itemsOf = (body: unknown): IDataObject[] => (body as { items: IDataObject[] }).items;

const fileOf = async (
  context: IExecuteFunctions,
  parameter: (name: string) => unknown,
  index: number,
): Promise<Buffer | string> => {
  if (parameter('inputType') === 'text') return asText(parameter('text'), '');
  const field = asText(parameter('binaryPropertyName'), 'data');
  context.helpers.assertBinaryData(index, field);
  return context.helpers.getBinaryDataBuffer(index, field);
};
