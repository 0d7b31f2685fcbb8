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

export class FusionCommerceAudit implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Audit',
    name: 'fusionCommerceAudit',
    icon: { light: 'file:audit.svg', dark: 'file:audit.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Read the audit trail: who did what, when, and whether it is whole',
    defaults: { name: 'FusionCommerce Audit' },
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
