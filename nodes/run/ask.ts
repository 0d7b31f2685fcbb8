/** From an item's form to what it asks of the platform, before anything is sent. */
import { createHash } from 'node:crypto';
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { attemptOf, causeOf, type Cause } from './cause.ts';
import { onceKeyOf } from './once-key.ts';
import { invalidForm, type Problem } from './problem.ts';
import { labelOf } from './labels.ts';
import { readInput, type FormValues, type ReadInput } from './read-input.ts';
import type { Route, Routes } from './route.ts';
import { shopCurrency } from './shop-currency.ts';
import type { Step } from './step.ts';
import type { Request } from './transport.ts';

/** What became of an item. */
export type Outcome = { ok: true; items: IDataObject[] } | { ok: false; problem: Problem };

/** What an item wants from the platform, before anything is sent. */
export interface Asked {
  route: Route;
  operation: string;
  parameter: (name: string) => unknown;
  request: Request;
  cause: Cause;
  subject: unknown[];
  /** A hash of the file that is sent, where the operation takes one. */
  file?: string;
  /** A refusal for good ends the item instead of failing. */
  endsQuietly: boolean;
  /** The key that the analyst gave. */
  ownKey?: string;
}

/** An item whose form cannot be read: a problem to name, or an error of n8n's own. */
export type Refused = { refused: Problem } | { failed: unknown };

/** The step that an item's command is; undefined for one that changes nothing, or that has a key of its own. */
export const stepOf = (asked: Asked | Refused): Step | undefined => {
  if (!('route' in asked) || !asked.route.command || asked.ownKey !== undefined) return undefined;
  const { cause, operation, request, file, subject } = asked;
  // A file is all that its operation sends.
  return { cause, operation, subject: [subject, file], content: [request.path, request.body] };
};

/** Reads an item's form. All items are read before the first is sent: what is beside an item belongs to its key. */
export const ask = async (context: IExecuteFunctions, routes: Routes, index: number): Promise<Asked | Refused> => {
  try {
    return await readForm(context, routes, index);
  } catch (error) {
    return { failed: error };
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
  const raw = (name: string): unknown => context.getNodeParameter(name, index, null, { rawExpressions: true });
  const { input, problems } = await readWhole(context, route, {
    ...{ parameter, raw },
    zone: context.getTimezone(),
    unit: context.getNode().typeVersion >= 2 ? 'major' : 'minor',
    evaluate: (expression) => evaluated(context, expression, index),
  });
  if (route.perStep !== undefined && input[route.perStep] === undefined) {
    // An expression that gave nothing was meant to give something.
    if (!isLeftEmpty(raw(route.perStep)))
      return { refused: invalidForm([...problems, emptyField(route, route.perStep)]) };
    input[route.perStep] = stepReference(context, index);
  }
  if (problems.length > 0) return { refused: invalidForm(problems) };
  const request = requestOf(route, route.perEvent ? withEventKey(context, index, input) : input);
  if ('problem' in request) return { refused: request.problem };
  const own = parameterOr(context, 'options.idempotencyKey', index);
  const file = route.stream ? await fileOf(context, parameter, index) : undefined;
  return {
    ...{ route, operation, parameter, request },
    cause: route.perEvent ? attemptOf(context, index) : causeOf(context, index),
    endsQuietly: parameterOr(context, 'options.whenRefused', index) === 'end',
    subject: route.subject.map((name) => input[name] ?? null),
    ...(file !== undefined && { file: createHash('sha256').update(file).digest('base64url') }),
    ...(typeof own === 'string' && own.trim() !== '' && { ownKey: own.trim() }),
  };
};

const parameterOr = (context: IExecuteFunctions, name: string, index: number): unknown =>
  context.getNodeParameter(name, index, '');

/** What must happen once must happen once for the event that started the workflow, unless a key says for what else. */
const withEventKey = (context: IExecuteFunctions, index: number, input: Record<string, unknown>) => ({
  key: onceKeyOf(String(context.getWorkflow().id), causeOf(context, index).id),
  ...input,
});

/** The same in every attempt, replay and retry for one event, and another for every other node. */
const stepReference = (context: IExecuteFunctions, index: number): string =>
  `journey-${onceKeyOf(`${context.getWorkflow().id}\0${context.getNode().id}`, causeOf(context, index).id)}`;

/** Asks the platform for the shop's currency only where an amount has none. */
const readWhole = async (context: IExecuteFunctions, route: Route, values: FormValues): Promise<ReadInput> => {
  const read = readInput(route, values);
  return read.needsShopCurrency ? readInput(route, { ...values, shopCurrency: await shopCurrency(context) }) : read;
};

/** Undefined for an expression that cannot be resolved here. */
const evaluated = (context: IExecuteFunctions, expression: string, index: number): unknown => {
  try {
    return context.evaluateExpression(expression, index);
  } catch {
    return undefined;
  }
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
  if (missing.length > 0)
    return {
      problem: invalidForm(missing.map((name) => emptyField(route, name))),
    };
  return route.method === 'GET' ? { method: 'GET', path, query: rest } : { method: route.method, path, body: rest };
};

const emptyField = (route: Route, name: string) => ({
  ...{ path: name, label: labelOf(route, name) },
  message: 'It is empty, and the operation needs it.',
});

const isLeftEmpty = (saved: unknown): boolean => saved === '' || saved === null || saved === undefined;

const asText = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** The file that an operation sends: a text of the form, or binary data of the item. */
export const fileOf = async (
  context: IExecuteFunctions,
  parameter: (name: string) => unknown,
  index: number,
): Promise<Buffer | string> => {
  if (parameter('inputType') === 'text') return asText(parameter('text'), '');
  const field = asText(parameter('binaryPropertyName'), 'data');
  context.helpers.assertBinaryData(index, field);
  return context.helpers.getBinaryDataBuffer(index, field);
};
