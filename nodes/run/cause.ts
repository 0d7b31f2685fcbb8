/** The cause of an execution: the event that started it, or the execution itself. */
import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions, Workflow } from 'n8n-workflow';

const TRIGGERS = ['fusionCommerceTrigger', 'fusionCommerceGatewayTrigger'].map(
  (name) => `n8n-nodes-fusioncommerce.${name}`,
);
/** A sub-workflow's start: the event reaches it as an item when the caller hands its items over. */
const SUB_WORKFLOW = 'n8n-nodes-base.executeWorkflowTrigger';

export interface Cause {
  /**
   * The event's id when a FusionCommerce event started this, else the id of the execution (of the first one, when it is
   * a retry).
   */
  id: string;
  /**
   * True in a sub-workflow: others may have called it for the same event, and their calls look like repeats of this
   * one.
   */
  called: boolean;
  correlationId?: string;
  traceparent?: string;
  /** The event that started this. */
  event?: EventItem;
}

/** As much of a FusionCommerce event as nodes look at. */
export interface EventItem {
  id: string;
  type: string;
  subject?: unknown;
  time?: unknown;
  data?: unknown;
  correlationid?: unknown;
  traceparent?: unknown;
}

/** Finds what caused an item: the event of the nearest FusionCommerce Trigger upstream that ran, else the execution. */
export const causeOf = (context: IExecuteFunctions, item: number): Cause => {
  const proxy = context.getWorkflowDataProxy(item);
  const tried = executionByHand(context, proxy.$mode === 'manual');
  // Parents come furthest first.
  for (const { name, type } of startsOf(context, proxy.$prevNode as PreviousNode).toReversed()) {
    const event = eventOf(proxy.$ as Select, name);
    if (event) {
      return {
        id: tried === undefined ? event.id : `${event.id} ${tried}`,
        called: type === SUB_WORKFLOW,
        event,
        ...(typeof event.correlationid === 'string' && { correlationId: event.correlationid }),
        ...(typeof event.traceparent === 'string' && { traceparent: event.traceparent }),
      };
    }
  }
  return { id: tried ?? firstExecution(context), called: false };
};

/** The cause of what each attempt asks anew: its execution, of which a retry is a part. */
export const attemptOf = (context: IExecuteFunctions, item: number): Cause => {
  const byHand = context.getWorkflowDataProxy(item).$mode === 'manual';
  return { ...causeOf(context, item), id: executionByHand(context, byHand) ?? firstExecution(context) };
};

type Nodes = ReturnType<IExecuteFunctions['getParentNodes']>;
interface PreviousNode {
  name?: string;
}

/** The nodes that may have started an item, furthest first. A tool has none before it: those before its agent count. */
const startsOf = (context: IExecuteFunctions, previous: PreviousNode): Nodes => {
  const { name } = context.getNode();
  const before = (of: string): Nodes => context.getParentNodes(of).filter(isStart);
  const own = before(name);
  if (own.length > 0) return own;
  const agents = agentsOf(context, name).flatMap(before);
  return agents.length > 0 ? agents : beforePrevious(previous, before);
};

const isStart = ({ type, disabled }: Nodes[number]): boolean =>
  !disabled && (TRIGGERS.includes(type) || type === SUB_WORKFLOW);

/**
 * The nodes that have this one as a tool, also by way of another tool. n8n gives every node its workflow, but types do
 * not say so.
 */
const agentsOf = (context: IExecuteFunctions & { workflow?: Workflow }, name: string): string[] =>
  context.workflow?.getChildNodes(name, 'ALL_NON_MAIN') ?? [];

/** A tool that runs with its agent's input has what came before the agent as its previous node. */
const beforePrevious = (previous: PreviousNode, before: (of: string) => Nodes): Nodes => {
  try {
    return previous.name === undefined ? [] : before(previous.name);
  } catch {
    // n8n's proxy throws for a node that nothing came before.
    return [];
  }
};

/** The result of `$('Node')` in n8n's data proxy; either part throws where it is not known. */
interface SelectedNode {
  item?: { json?: unknown };
  first: () => { json?: unknown } | undefined;
}
type Select = (name: string) => SelectedNode;

/** The node's event for this item, or its first one where n8n cannot tell which belongs to the item. */
const eventOf = (select: Select, name: string): EventItem | undefined => {
  const readings = [(node: SelectedNode) => node.item, (node: SelectedNode) => node.first()];
  for (const read of readings) {
    try {
      const json = read(select(name))?.json;
      if (isEvent(json)) return json;
    } catch {
      // A node that did not run, or an item whose origin was lost: n8n's proxy throws, and the next reading or start is
      // tried.
    }
  }
  return undefined;
};

/** An event as the FusionCommerce Trigger emits it. */
const isEvent = (json: unknown): json is EventItem =>
  typeof json === 'object' &&
  json !== null &&
  'id' in json &&
  typeof json.id === 'string' &&
  'type' in json &&
  typeof json.type === 'string' &&
  'source' in json &&
  'sequence' in json;

/**
 * The execution that a person started in the editor: while building, the same event is run again and again with other
 * values, and each run acts. Written down, so that "Retry execution" of it repeats nothing.
 */
const executionByHand = (context: IExecuteFunctions, byHand: boolean): string | undefined => {
  const kept = context.getContext('flow');
  if (byHand) kept['fusionCommerceByHand'] = context.getExecutionId() || randomUUID();
  const known: unknown = kept['fusionCommerceByHand'];
  return typeof known === 'string' ? known : undefined;
};

/**
 * n8n's "Retry execution" runs under a new id, and nothing tells a node the old one; but it hands on the data of the
 * execution that failed, this context included. So the first execution writes its id down, and its retries find it.
 */
const firstExecution = (context: IExecuteFunctions): string => {
  const kept = context.getContext('flow');
  const known: unknown = kept['fusionCommerceExecution'];
  if (typeof known === 'string') return known;
  const id = context.getExecutionId() || randomUUID();
  kept['fusionCommerceExecution'] = id;
  return id;
};
