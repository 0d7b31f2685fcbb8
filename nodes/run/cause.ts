/** The cause of an execution: the event that started it, and the key under which each step may be repeated. */
import { createHash, randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

const TRIGGERS = ['fusionCommerceTrigger', 'fusionCommerceGatewayTrigger'].map(
  (name) => `n8n-nodes-fusioncommerce.${name}`,
);
/** A sub-workflow's start: the event reaches it as an item when the caller hands its items over. */
const SUB_WORKFLOW = 'n8n-nodes-base.executeWorkflowTrigger';

export interface Cause {
  /** The event's id when a FusionCommerce event started this, else the id of the execution (of the first one, when it is a retry). */
  id: string;
  /** Which pass of this node it is; more than 0 in a loop. */
  run: number;
  correlationId?: string;
  traceparent?: string;
}

interface EventItem {
  id: string;
  correlationid?: unknown;
  traceparent?: unknown;
}

/** Finds what caused an item: the event of the nearest FusionCommerce Trigger upstream that ran, else the execution. */
export const causeOf = (context: IExecuteFunctions, item: number): Cause => {
  const proxy = context.getWorkflowDataProxy(item);
  const run = Number(proxy.$runIndex) || 0;
  const starts = context
    .getParentNodes(context.getNode().name)
    .filter(({ type, disabled }) => !disabled && (TRIGGERS.includes(type) || type === SUB_WORKFLOW));
  // Parents come furthest first.
  for (const { name } of starts.toReversed()) {
    const event = eventOf(proxy.$ as Select, name);
    if (event) {
      return {
        id: event.id,
        run,
        ...(typeof event.correlationid === 'string' && { correlationId: event.correlationid }),
        ...(typeof event.traceparent === 'string' && { traceparent: event.traceparent }),
      };
    }
  }
  return { id: firstExecution(context), run };
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
      // A node that did not run, or an item whose origin was lost: n8n's proxy throws, and the next reading or start is tried.
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
  'source' in json &&
  'sequence' in json;

/**
 * n8n's "Retry execution" runs under a new id, and nothing tells a node the old one; but it hands on the data of the execution that failed, this
 * context included. So the first execution writes its id down, and its retries find it.
 */
const firstExecution = (context: IExecuteFunctions): string => {
  const kept = context.getContext('flow');
  const known: unknown = kept['fusionCommerceExecution'];
  if (typeof known === 'string') return known;
  const id = context.getExecutionId() || randomUUID();
  kept['fusionCommerceExecution'] = id;
  return id;
};

/** The Idempotency-Key of one step: the same in every repeat of the same step, and different from that of any other. */
export const stepKey = (parts: {
  cause: Pick<Cause, 'id' | 'run'>;
  workflow: string;
  node: string;
  operation: string;
  item: number;
}): string =>
  createHash('sha256')
    .update(JSON.stringify([parts.cause.id, parts.workflow, parts.node, parts.operation, parts.cause.run, parts.item]))
    .digest('base64url');
