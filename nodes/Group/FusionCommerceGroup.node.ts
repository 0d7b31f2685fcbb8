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

export class FusionCommerceGroup implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Group',
    name: 'fusionCommerceGroup',
    icon: { light: 'file:groups.svg', dark: 'file:groups.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Open, join and complete teams, run group campaigns',
    defaults: { name: 'FusionCommerce Group' },
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
