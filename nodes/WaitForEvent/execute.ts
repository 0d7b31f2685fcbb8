import { randomBytes } from 'node:crypto';
import {
  NodeOperationError,
  WAIT_INDEFINITELY,
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
} from 'n8n-workflow';
import { secondsOf } from '../journey/duration.ts';
import { idIn } from '../journey/person.ts';
import { askFor, stepName } from '../journey/request.ts';
import { causeOf } from '../run/cause.ts';
import { typesOf } from '../Trigger/event-form.ts';
import { statedFilter } from '../Trigger/filter-form.ts';
import { place } from './derived.ts';
import type { Kept, Outcome } from './kept.ts';

/** Registers the wait and parks the execution; called again when it is resumed, with what came. */
export const executeWait = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
  const items = context.getInputData();
  const kept = context.getContext('node') as Kept;
  const settled = kept.fusionCommerceWait?.settled;
  if (settled) {
    delete kept.fusionCommerceWait;
    return routed(items, settled);
  }
  if (items.length !== 1) throw tooMany(context, items.length);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const asked = await askFor(context, place, {}, { ...wanted(context), secret }, 0);
  if (!asked.ok) return [[asked.failed], []];
  const { id, outcome, event } = asked.body as unknown as { id: string } & Omit<Outcome, 'outcome'> & {
      outcome: Outcome['outcome'] | null;
    };
  if (outcome !== null) return routed(items, { outcome, event }, asked.mark);
  // Nobody would ever resume a rehearsed wait.
  if (asked.mark.rehearsal) return routed(items, { outcome: 'timed_out', event: null }, asked.mark);
  kept.fusionCommerceWait = { id, secret };
  // The platform ends the wait, also at its deadline.
  await context.putExecutionToWait(WAIT_INDEFINITELY);
  // A copy: n8n empties what it is given where the node has an error output, and the input must be there afterwards.
  return [[...items], []];
};

const routed = (
  items: INodeExecutionData[],
  { outcome, event }: Outcome,
  mark: IDataObject = {},
): INodeExecutionData[][] => {
  const went = items.map((item, index) => ({
    ...item,
    json: { ...item.json, awaitedEvent: event, ...mark },
    pairedItem: { item: index },
  }));
  return outcome === 'came' ? [went, []] : [[], went];
};

const tooMany = (context: IExecuteFunctions, count: number): NodeOperationError =>
  new NodeOperationError(context.getNode(), `This node waits for one item, and ${count} came.`, {
    description: 'It parks the whole execution. Let the items through one by one, with Loop Over Items before it.',
  });

/** The wait as the form states it. Throws in plain words for what is missing. */
const wanted = (context: IExecuteFunctions) => {
  const parameter = (name: string, fallback?: unknown): unknown => context.getNodeParameter(name, 0, fallback ?? null);
  const { sinceStart = true, field = '' } = parameter('options', {}) as { sinceStart?: boolean; field?: string };
  const { event } = causeOf(context, 0);
  const pass = Number(context.getWorkflowDataProxy(0).$runIndex) || 0;
  try {
    const filter = statedFilter((name, fallback) => parameter(name, fallback));
    return {
      step: stepName(context, 0, pass),
      eventTypes: typesOf((name, fallback) => parameter(name, fallback)),
      value: valueOf(context, parameter),
      timeoutSeconds: secondsOf(parameter, 'timeout'),
      workflowId: context.getWorkflow().id ?? '',
      executionId: context.getExecutionId(),
      node: context.getNode().name,
      resumeUrl: textOf(context.evaluateExpression('{{ $execution.resumeUrl }}', 0)),
      ...(filter && { filter: { ...filter } }),
      ...(field.trim() !== '' && { field: field.trim() }),
      ...(event && { notEventId: event.id }),
      ...(sinceStart && typeof event?.time === 'string' && { since: event.time }),
    };
  } catch (error) {
    throw new NodeOperationError(context.getNode(), error as Error, { itemIndex: 0 });
  }
};

/** Texts and numbers as a text without space around it; anything else is empty. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';

const valueOf = (context: IExecuteFunctions, parameter: (name: string, fallback?: unknown) => unknown): string => {
  const about = String(parameter('about'));
  const own = textOf(parameter(about === 'id' ? 'value' : 'ownValue', ''));
  if (own !== '') return own;
  const found = about === 'id' ? undefined : idIn(causeOf(context, 0).event, about === 'order' ? 'order' : 'customer');
  if (found !== undefined) return found;
  throw new Error(
    about === 'id'
      ? 'The ID is empty: its value or expression gave nothing. Give the ID that the event must be about.'
      : `No ${about} is known: the event that started the journey names none. Name it under Order or Customer ID.`,
  );
};
