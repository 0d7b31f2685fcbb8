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

export class FusionCommerceCustomer implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Customer',
    name: 'fusionCommerceCustomer',
    icon: { light: 'file:customer.svg', dark: 'file:customer.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Work with customers, addresses, consents, groups and privacy requests',
    defaults: { name: 'FusionCommerce Customer' },
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
