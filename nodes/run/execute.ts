/** The loop over items that all nodes of domains share. */
import {
  NodeApiError,
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type JsonObject,
  type INodeExecutionData,
} from 'n8n-workflow';
import { ask, fileOf, stepOf, type Asked, type Outcome, type Refused } from './ask.ts';
import { inWordsOfForm } from './labels.ts';
import { failedItem, isFinal, keyTaken, nodeError } from './problem.ts';
import type { Route, Routes } from './route.ts';
import { forgetPass, stepHeaders } from './step.ts';
import { causeHeaders, sendFor } from './send-for.ts';
import { send, type Request } from './transport.ts';

/**
 * Runs the chosen operation for each item, in order. An item that fails stops the node, or goes on as `{ error }` where
 * the node is told to continue.
 */
export const executeOperations = async (
  context: IExecuteFunctions,
  routes: Routes,
): Promise<INodeExecutionData[][]> => {
  const run = Number(context.getWorkflowDataProxy(0).$runIndex) || 0;
  const asked: (Asked | Refused)[] = [];
  for (const index of context.getInputData().keys()) asked.push(await ask(context, routes, index));
  const headers = stepHeaders(context, run, asked.map(stepOf));
  let ended = false;
  try {
    const returned = await executeItems(context, asked, headers);
    ended = true;
    return branched(asked, returned);
  } finally {
    if (!ended) forgetPass(context, run);
  }
};

/** Items by output. A failed item is in doubt, so it goes where what was done before goes. */
const branched = (asked: (Asked | Refused)[], items: INodeExecutionData[]): INodeExecutionData[][] => {
  const branch = asked.map((one) => ('route' in one ? one.route.branch : undefined)).find((one) => one !== undefined);
  if (branch === undefined) return [items];
  const isFirst = ({ json }: INodeExecutionData): boolean => json[branch] === true;
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
};

const executeItems = async (
  context: IExecuteFunctions,
  asked: (Asked | Refused)[],
  headers: Record<string, string>[],
): Promise<INodeExecutionData[]> => {
  const returned: INodeExecutionData[] = [];
  for (const [index, one] of asked.entries()) {
    const outcome = await executeItem(context, one, headers[index] ?? {}, index);
    if (!outcome.ok && 'route' in one && one.endsQuietly && isFinal(outcome.problem)) continue;
    if (outcome.ok) returned.push(...outcome.items.map((json) => ({ json, pairedItem: { item: index } })));
    else if (context.continueOnFail())
      returned.push({ json: failedItem(outcome.problem), pairedItem: { item: index } });
    else throw nodeError(context.getNode(), outcome.problem, index);
  }
  return returned;
};

const executeItem = async (
  context: IExecuteFunctions,
  asked: Asked | Refused,
  step: Record<string, string>,
  index: number,
): Promise<Outcome> => {
  if ('refused' in asked) return { ok: false, problem: asked.refused };
  if ('failed' in asked) return failedToRun(context, asked.failed, index);
  try {
    const outcome = await callOperation(context, asked, step, index);
    return outcome.ok ? outcome : { ok: false, problem: inWordsOfForm(outcome.problem, asked.route) };
  } catch (error) {
    return failedToRun(context, error, index);
  }
};

/** An error that is no failure of the platform stops the node, or becomes one where the node is told to continue. */
const failedToRun = (context: IExecuteFunctions, error: unknown, index: number): Outcome => {
  // An expression that cannot be resolved, a missing credential: n8n's own words are the best there are.
  if (!context.continueOnFail()) {
    if (error instanceof NodeOperationError)
      throw new NodeOperationError(context.getNode(), error, { itemIndex: index });
    throw new NodeApiError(context.getNode(), asJson(error), { itemIndex: index });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { ok: false, problem: { code: 'NODE_FAILED', status: 0, title: 'The node could not run', detail } };
};

const asJson = (error: unknown): JsonObject => ({ message: error instanceof Error ? error.message : String(error) });

const callOperation = async (
  context: IExecuteFunctions,
  { route, parameter, request, cause, ownKey }: Asked,
  step: Record<string, string>,
  index: number,
): Promise<Outcome> => {
  const headers: Record<string, string> = {
    ...(await causeHeaders(context, cause, route)),
    ...(route.command && ownKey !== undefined && { 'idempotency-key': ownKey }),
    ...step,
  };
  if (route.answer === 'paged') return collect(context, request, headers, wanted(parameter));
  const body = route.stream ? await fileOf(context, parameter, index) : request.body;
  const contentType: Record<string, string> = route.stream ? { 'content-type': route.stream } : {};
  const answer = await sendFor(context, route, { ...request, body, headers: { ...headers, ...contentType } });
  if (!answer.ok)
    return { ok: false, problem: ownKey === undefined ? answer.problem : keyTaken(answer.problem, ownKey) };
  const items = route.answer === 'items' ? itemsOf(answer.body) : [answer.body as IDataObject];
  if (answer.rehearsed) return { ok: true, items: items.map((item) => ({ ...item, rehearsal: true })) };
  const [item] = items;
  return route.beside && item ? withBeside(context, route, parameter, item) : { ok: true, items };
};

/** Adds what another domain knows about it, where the form says so. */
const withBeside = async (
  context: IExecuteFunctions,
  { beside }: Route,
  parameter: (name: string) => unknown,
  item: IDataObject,
): Promise<Outcome> => {
  // A form of version 1 has no such switch.
  if (!beside || parameter(beside.parameter) !== true) return { ok: true, items: [item] };
  const query = Object.fromEntries(Object.entries(beside.input).map(([name, property]) => [name, item[property]]));
  const answer = await send(context, { method: 'GET', path: beside.path, query });
  return answer.ok ? { ok: true, items: [{ ...item, [beside.as]: answer.body as IDataObject }] } : answer;
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

const itemsOf = (body: unknown): IDataObject[] => (body as { items: IDataObject[] }).items;
