import { format } from 'prettier';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** The required parts of a node of each kind, as short as possible. */
const METHODS = {
  execute: 'async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> { return [this.getInputData()]; }',
  trigger: 'async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> { return {}; }',
  webhook: `webhookMethods = { default: {
    async checkExists(this: IHookFunctions): Promise<boolean> { return true; },
    async create(this: IHookFunctions): Promise<boolean> { return true; },
    async delete(this: IHookFunctions): Promise<boolean> { return true; },
  } };
  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> { return {}; }`,
};

/**
 * A node with everything that was derived written out, as a person would have typed it: what the linters of n8n read.
 * They judge source text, so a form that is computed would pass them unseen.
 */
export const printedNode = async (
  className: string,
  description: INodeTypeDescription,
  kind: keyof typeof METHODS,
): Promise<string> => {
  const { inputs, outputs, ...rest } = description;
  const ends = (connections: unknown) =>
    Array.isArray(connections) && connections.length > 0 ? '[NodeConnectionTypes.Main]' : '[]';
  const body = JSON.stringify(rest, undefined, 2).replace(
    /\}$/,
    `, inputs: ${ends(inputs)}, outputs: ${ends(outputs)} }`,
  );
  const source = `import { NodeConnectionTypes, type IExecuteFunctions, type IHookFunctions, type INodeExecutionData, type INodeType, type INodeTypeDescription, type ITriggerFunctions, type ITriggerResponse, type IWebhookFunctions, type IWebhookResponseData } from 'n8n-workflow';
export class ${className} implements INodeType {
  description: INodeTypeDescription = ${body};
  ${METHODS[kind]}
}`;
  return asTyped(source);
};

const FIELDS = /(\n  properties: INodeProperties\[\] = )\[[\s\S]*?\n  \];/;

/**
 * A credential's source with all its fields written out, those of TLS too. Throws where it does not say `properties:
 * INodeProperties[] = [`.
 */
export const printedCredential = async (source: string, properties: readonly INodeProperties[]): Promise<string> => {
  if (!FIELDS.test(source)) throw new Error('a credential must list its fields as "properties: INodeProperties[] = ["');
  return asTyped(source.replace(FIELDS, (_all, start: string) => `${start}${JSON.stringify(properties)};`));
};

const asTyped = (source: string): Promise<string> =>
  format(source, { parser: 'typescript', singleQuote: true, quoteProps: 'as-needed', printWidth: 120 });
