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

export class FusionCommerceEvent implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'FusionCommerce Event',
    name: 'fusionCommerceEvent',
    icon: { light: 'file:event.svg', dark: 'file:event.dark.svg' },
    group: ['transform'],
    version: [1, 2],
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Publish events, go on once per event, replay dead letters, manage subscriptions',
    defaults: { name: 'FusionCommerce Event' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    // Once per Event tells the first time from those after it.
    outputs:
      '={{ $parameter["operation"] === "once" ? [{ type: "main", displayName: "First Time" }, { type: "main", displayName: "Seen Before" }] : ["main"] }}',
    credentials: [{ name: 'fusionCommerceApi', required: true }],
    properties: form.properties,
  };

  methods = { listSearch: listSearch(form.pickers) };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeOperations(this, form.routes);
  }
}
