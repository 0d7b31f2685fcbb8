import { createHash } from 'node:crypto';
import { type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { causeOf } from '../run/cause.ts';
import { failedItem, nodeError } from '../run/problem.ts';
import { causeHeaders, sendFor } from '../run/send-for.ts';

/** Where an operation answers. */
export interface Place {
  method: 'POST';
  path: string;
}

/** Names this step of the journey: the same when n8n or the trigger runs the journey again. */
export const stepName = (context: IExecuteFunctions, item: number, pass = 0): string =>
  createHash('sha256')
    .update(JSON.stringify([causeOf(context, item).id, context.getWorkflow().id, context.getNode().id, pass]))
    .digest('base64url');

/** A response, with `rehearsal: true` beside it where the platform changed nothing. */
export type Asked =
  { ok: true; body: IDataObject; mark: { rehearsal?: true } } | { ok: false; failed: INodeExecutionData };

/**
 * Asks the platform for one item. A refusal stops the node, or becomes the item's error where the node is told to
 * continue.
 */
export const askFor = async (
  context: IExecuteFunctions,
  { method, path }: Place,
  names: Record<string, string>,
  body: IDataObject,
  item: number,
): Promise<Asked> => {
  const kind = { command: true };
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(names[name] ?? ''));
  const headers = await causeHeaders(context, causeOf(context, item), kind);
  const answer = await sendFor(context, kind, { method, path: filled, body, headers });
  if (answer.ok)
    return { ok: true, body: answer.body as IDataObject, mark: answer.rehearsed ? { rehearsal: true } : {} };
  if (!context.continueOnFail()) throw nodeError(context.getNode(), answer.problem, item);
  return { ok: false, failed: { json: failedItem(answer.problem), pairedItem: { item } } };
};
