/** The loop over items that all datastore nodes share. */
import {
  NodeOperationError,
  type IDataObject,
  type IExecuteFunctions,
  type INode,
  type INodeExecutionData,
} from 'n8n-workflow';
import { withoutCodes } from '../run/network-errors.ts';
import type { StoreError } from './error.ts';

/** Turns whatever was thrown into an error with a code, a message and advice. */
export type Explain = (error: unknown) => StoreError;

/**
 * Runs `work` for each item, in order, on one connection that `connect` opens and closes. An item that fails stops the
 * node, or goes on as `{ error }` where the node is told to continue; so does every item when there is no connection.
 */
export const eachItem = async <Connection>(
  context: IExecuteFunctions,
  explain: Explain,
  connect: (use: (connection: Connection) => Promise<void>) => Promise<void>,
  work: (connection: Connection, item: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[][]> => {
  const returned: INodeExecutionData[] = [];
  const pending = [...context.getInputData().keys()];
  try {
    await connect(async (connection) => {
      for (let item = pending[0]; item !== undefined; item = pending[0]) {
        returned.push(...(await oneItem(context, explain, item, () => work(connection, item))));
        pending.shift();
      }
    });
  } catch (error) {
    if (error instanceof NodeOperationError || !context.continueOnFail())
      throw storeNodeError(context.getNode(), error, explain, pending[0] ?? 0);
    returned.push(...pending.map((item) => failedItem(explain(error), item)));
  }
  return [returned];
};

const oneItem = async (
  context: IExecuteFunctions,
  explain: Explain,
  item: number,
  work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> => {
  try {
    return (await work()).map((made) => ({ ...made, pairedItem: { item } }));
  } catch (error) {
    if (!context.continueOnFail()) throw storeNodeError(context.getNode(), error, explain, item);
    return [failedItem(explain(error), item)];
  }
};

/**
 * The error that stops a node, with a code where an error workflow finds it (`execution.error.code`). n8n's own errors
 * stay as they are.
 */
export const storeNodeError = (node: INode, error: unknown, explain: Explain, item?: number): NodeOperationError => {
  if (error instanceof NodeOperationError) return error;
  const { code, message, advice } = explain(error);
  const stopped = new NodeOperationError(node, withoutCodes(message), {
    description: advice,
    ...(item !== undefined && { itemIndex: item }),
  });
  return Object.assign(stopped, { code });
};

/** n8n sends an item to the error output when `error` is all that it holds; a branch reads {{ $json.error.code }}. */
export const failedItem = ({ code, message, advice }: StoreError, item: number): INodeExecutionData => ({
  json: { error: { message: withoutCodes(message), code, next: advice } } satisfies IDataObject,
  pairedItem: { item },
});
