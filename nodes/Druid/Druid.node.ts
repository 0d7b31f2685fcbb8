import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { fromEditor } from '../datastore/methods.ts';
import { properties } from './description.ts';
import { executeItems } from './execute.ts';
import { searchDataSources, searchSupervisors } from './pickers.ts';

export class Druid implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Druid',
    name: 'druid',
    icon: { light: 'file:druid.svg', dark: 'file:druid.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Query Apache Druid and control the supervisors that fill it',
    defaults: { name: 'Druid' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'druidApi', required: true }],
    properties,
  };

  methods = {
    listSearch: {
      searchDataSources: fromEditor(searchDataSources),
      searchSupervisors: fromEditor(searchSupervisors),
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
