import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { executeOperations } from '../../../../../nodes/run/execute.ts';
import { listSearch } from '../../../../../nodes/run/list-search.ts';
import { form } from './derived.ts';

export class FusionCommerceGifting implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Gifting',
    name: 'fusionCommerceGifting',
    icon: { light: 'file:gifting.svg', dark: 'file:gifting.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Create, send and list gift notes',
    defaults: { name: 'FusionCommerce Gifting' },
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
