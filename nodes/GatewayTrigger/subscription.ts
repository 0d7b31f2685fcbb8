import { NodeOperationError, type IDataObject, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import { advice } from '../run/problem.ts';
import { utcMoment } from '../run/moment.ts';
import { send } from '../run/transport.ts';
import { requireFields } from '../Trigger/event-fields.ts';
import { typesOf } from '../Trigger/event-form.ts';
import { statedFilter } from '../Trigger/filter-form.ts';
import { attemptsOf } from '../Trigger/settings.ts';
import { routes } from './derived.ts';

/** The data that n8n keeps for the node between activations. */
export interface Kept extends IDataObject {
  subscriptionId?: string;
  secret?: string;
}

/** The kept data; a test has its own, so that it never takes the place of the live subscription. */
export const keptFor = (context: IHookFunctions | IWebhookFunctions): Kept => {
  const data = context.getWorkflowStaticData('node') as Kept & { test?: Kept };
  if (!isTest(context)) return data;
  data.test ??= {};
  return data.test;
};

interface Subscription {
  id: string;
  state: 'active' | 'failing' | 'paused';
}

/**
 * Asks the platform; undefined for a failure whose code is `unless`. Throws an Error in plain words for any other
 * failure.
 */
const ask = async (
  context: IHookFunctions,
  name: keyof typeof routes,
  { id, query, body, unless }: { id?: string; query?: IDataObject; body?: unknown; unless?: string },
): Promise<unknown> => {
  const { method, path } = routes[name];
  const request = {
    method,
    path: path.replace('{subscriptionId}', id ?? ''),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
  };
  const answer = await send(context, request);
  if (answer.ok) return answer.body;
  if (answer.problem.code === unless) return undefined;
  throw new NodeOperationError(context.getNode(), `The subscription to events failed: ${answer.problem.detail}`, {
    description: advice(answer.problem),
  });
};

const isTest = (context: Pick<IHookFunctions, 'getMode'>): boolean => context.getMode() === 'manual';

/** A test listens for two minutes at most; what a crash of n8n leaves behind ends soon after. */
const TEST_MS = 10 * 60_000;
/**
 * Kafka keeps events for a week: after that, a workflow that was deleted or is inactive has nothing left to go on with.
 */
const PAUSED_DAYS = 7;

/**
 * The name under which the platform knows this trigger; a test run has a subscription of its own, so that it moves
 * nothing.
 */
const externalIdOf = (context: IHookFunctions): string =>
  `n8n.${context.getWorkflow().id ?? ''}.${context.getNode().id}${isTest(context) ? '.test' : ''}`;

const wanted = (context: IHookFunctions): IDataObject => {
  const parameter = (name: string, fallback: unknown): unknown => context.getNodeParameter(name, fallback);
  const options = parameter('options', {}) as { attempts?: number; deadline?: number; maxInFlight?: number };
  try {
    const filter = statedFilter(parameter);
    const eventTypes = typesOf(parameter);
    requireFields(filter?.conditions ?? [], eventTypes);
    return {
      url: context.getNodeWebhookUrl('default'),
      eventTypes,
      filter,
      maxAttempts: attemptsOf(parameter, options),
      deadlineSeconds: options.deadline ?? 120,
      maxInFlight: options.maxInFlight ?? 10,
      ...(isTest(context) ? {} : { deleteWhenPausedDays: PAUSED_DAYS }),
    };
  } catch (error) {
    throw new NodeOperationError(context.getNode(), error as Error);
  }
};

const start = (context: IHookFunctions): IDataObject => {
  const startFrom = isTest(context) ? 'latest' : context.getNodeParameter('startFrom', 'latest');
  if (startFrom !== 'timestamp') return { startFrom };
  const given = context.getNodeParameter('startAt', '');
  const startAt = utcMoment(given, context.getTimezone());
  if (startAt !== undefined) return { startFrom, startAt };
  throw new NodeOperationError(context.getNode(), `The start time ${JSON.stringify(given)} is not a time. Pick one.`);
};

/** The subscription of before, as the platform knows it. */
const subscriptionOf = async (context: IHookFunctions): Promise<Subscription | undefined> => {
  const listed = await ask(context, 'list', { query: { externalId: externalIdOf(context), limit: 1 } });
  return (listed as { items: Subscription[] }).items[0];
};

/**
 * Brings the subscription of before up to what the form says now and resumes it where it was; false when there is none.
 * Should its secret be unknown here (an imported workflow), it gets a new one.
 */
export const continueSubscription = async (context: IHookFunctions, kept: Kept): Promise<boolean> => {
  const found = await subscriptionOf(context);
  if (!found) return false;
  if (kept.subscriptionId !== found.id || !kept.secret) {
    const rotated = await ask(context, 'rotateSecret', { id: found.id, body: { overlapSeconds: 0 } });
    kept.secret = (rotated as { secret: string }).secret;
    kept.subscriptionId = found.id;
  }
  await ask(context, 'update', { id: found.id, body: wanted(context) });
  if (found.state === 'paused') await ask(context, 'resume', { id: found.id, unless: 'ILLEGAL_STATE' });
  return true;
};

/** Makes the subscription and keeps its secret. */
export const createSubscription = async (context: IHookFunctions, kept: Kept): Promise<void> => {
  const { filter, ...rest } = wanted(context);
  const body = {
    ...rest,
    ...(filter ? { filter } : {}),
    ...start(context),
    externalId: externalIdOf(context),
    ...(isTest(context) ? { endsAt: new Date(Date.now() + TEST_MS).toISOString() } : {}),
  };
  const made = (await ask(context, 'create', { body })) as Subscription & { secret: string };
  kept.subscriptionId = made.id;
  kept.secret = made.secret;
};

/**
 * An inactive workflow keeps its place in the stream; a test leaves nothing behind, also where n8n forgot what it kept.
 */
export const endSubscription = async (context: IHookFunctions, kept: Kept): Promise<void> => {
  const id = kept.subscriptionId;
  if (!isTest(context)) {
    if (id !== undefined) await ask(context, 'pause', { id, unless: 'ILLEGAL_STATE' });
    return;
  }
  const found = (await subscriptionOf(context))?.id ?? id;
  if (found !== undefined) await ask(context, 'delete', { id: found, unless: 'SUBSCRIPTION_NOT_FOUND' });
  delete kept.subscriptionId;
  delete kept.secret;
};
