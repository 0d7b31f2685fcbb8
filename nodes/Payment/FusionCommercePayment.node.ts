import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { executeOperations } from '../run/execute.ts';
import { listSearch } from '../run/list-search.ts';
import { form } from './derived.ts';

export class FusionCommercePayment implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Payment',
    name: 'fusionCommercePayment',
    icon: { light: 'file:payments.svg', dark: 'file:payments.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Hold, capture, void and refund payments by card, wallet or cash',
    defaults: { name: 'FusionCommerce Payment' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    properties: form.properties,
  };

  methods = { listSearch: listSearch(form.pickers) };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeOperations(this, form.routes);
  }
}
