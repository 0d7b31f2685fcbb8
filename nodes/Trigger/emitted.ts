import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { onceKeyOf } from '../run/once-key.ts';
import type { EventItem } from './event-item.ts';

/** Why the event of an item lies in the dead letters. */
export interface DeadLetter {
  message: string;
  description: string;
}

/** An event as a workflow gets it. */
export const emitted = (workflowId: string, item: EventItem): INodeExecutionData => ({
  json: { ...item, onceKey: onceKeyOf(workflowId, item.id) } as IDataObject,
});

/**
 * An event with which an execution fails at once: it shows the operator why, and "Retry" of it runs the journey with
 * the event.
 */
export const buried = (workflowId: string, item: EventItem, deadLetter: DeadLetter): INodeExecutionData => {
  const { json } = emitted(workflowId, item);
  return { json: { ...json, deadLetter } };
};

/**
 * What the trigger puts out for the items that it emitted: the items. A dead letter fails, except in a retry, where n8n
 * runs the trigger again with the item that it had: from then on it is an event like every other.
 */
export const passOn = (context: IExecuteFunctions): INodeExecutionData[][] => {
  const isRetry = context.getMode() === 'retry';
  const items = context.getInputData().map(({ json: { deadLetter, ...json }, ...rest }) => {
    const { message, description } = (deadLetter ?? {}) as Partial<DeadLetter>;
    if (message !== undefined && !isRetry) throw new NodeOperationError(context.getNode(), message, { description });
    return { ...rest, json };
  });
  return [items];
};
