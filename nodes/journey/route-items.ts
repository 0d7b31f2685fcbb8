import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { askFor, type Place } from './request.ts';

/** What the platform is asked about one item. */
interface Question {
  /** Values of the path's placeholders. */
  names: Record<string, string>;
  body: IDataObject;
}

/** The output by which an item leaves, counted from 0, and what is added to it. */
interface Exit {
  output: number;
  added: IDataObject;
}

interface Routing {
  outputs: number;
  place: Place;
  question: (index: number) => Question;
  exit: (response: IDataObject) => Exit;
}

/**
 * Sends each item to the output that the platform names for it. What was refused leaves by the first output, which n8n
 * hands on to the error output where the node is told to continue.
 */
export const routeItems = async (
  context: IExecuteFunctions,
  { outputs, place, question, exit }: Routing,
): Promise<INodeExecutionData[][]> => {
  const routed = Array.from({ length: outputs }, (): INodeExecutionData[] => []);
  for (const [index, item] of context.getInputData().entries()) {
    const { names, body } = question(index);
    const asked = await askFor(context, place, names, body, index);
    if (!asked.ok) {
      routed[0]?.push(asked.failed);
      continue;
    }
    const { output, added } = exit(asked.body);
    const way = routed[output];
    if (!way) throw noOutput(context, index);
    way.push({ ...item, json: { ...item.json, ...added, ...asked.mark }, pairedItem: { item: index } });
  }
  return routed;
};

/** Outputs are drawn once for all items: one that is named by an expression of the item may not be among them. */
const noOutput = (context: IExecuteFunctions, itemIndex: number): NodeOperationError =>
  new NodeOperationError(
    context.getNode(),
    'The node has no output for this item. Name its outputs without expressions.',
    {
      itemIndex,
    },
  );
