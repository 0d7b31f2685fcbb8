import { format } from 'prettier';
import type { INodeTypeDescription } from 'n8n-workflow';

/**
 * A node with everything that was derived written out, as a person would have typed it: what the linters of n8n read. They judge source text, so
 * a form that is computed would pass them unseen.
 */
export const printedNode = async (
  className: string,
  description: INodeTypeDescription,
  kind: 'execute' | 'trigger',
): Promise<string> => {
  const { inputs, outputs, ...rest } = description;
  const ends = (connections: unknown) =>
    Array.isArray(connections) && connections.length > 0 ? '[NodeConnectionTypes.Main]' : '[]';
  const body = JSON.stringify(rest, undefined, 2).replace(
    /\}$/,
    `, inputs: ${ends(inputs)}, outputs: ${ends(outputs)} }`,
  );
  const method =
    kind === 'execute'
      ? 'async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> { return [this.getInputData()]; }'
      : 'async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> { return {}; }';
  const source = `import { NodeConnectionTypes, type IExecuteFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription, type ITriggerFunctions, type ITriggerResponse } from 'n8n-workflow';
export class ${className} implements INodeType {
  description: INodeTypeDescription = ${body};
  ${method}
}`;
  return format(source, { parser: 'typescript', singleQuote: true, quoteProps: 'as-needed', printWidth: 120 });
};
