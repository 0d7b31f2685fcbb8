import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { executeOperations } from '../run/execute.ts';
import { listSearch } from '../run/list-search.ts';
import { resourceMapping } from '../run/mapped-fields.ts';
import { form } from './derived.ts';

export class FusionCommerceNotification implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Notification',
    name: 'fusionCommerceNotification',
    icon: { light: 'file:notification.svg', dark: 'file:notification.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Send notifications and work with templates and preferences',
    defaults: { name: 'FusionCommerce Notification' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    properties: form.properties,
  };

  methods = { listSearch: listSearch(form.pickers), resourceMapping: resourceMapping(form.mappers) };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeOperations(this, form.routes);
  }
}
