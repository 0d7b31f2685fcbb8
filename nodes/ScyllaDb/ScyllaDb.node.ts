import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { credentialTest, fromEditor } from '../datastore/methods.ts';
import { testConnection } from './credential-test.ts';
import { properties } from './description.ts';
import { executeItems } from './execute.ts';
import { columnFields, columnOptions, isCounter, isValue, searchKeyspaces, searchTables } from './pickers.ts';

export class ScyllaDb implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ScyllaDB',
    name: 'scyllaDb',
    icon: { light: 'file:scyllaDb.svg', dark: 'file:scyllaDb.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Read and write rows, counters and queries in ScyllaDB and Apache Cassandra',
    defaults: { name: 'ScyllaDB' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'scyllaDb', required: true, testedBy: 'scyllaDbTest' }],
    properties,
  };

  methods = {
    credentialTest: { scyllaDbTest: credentialTest(testConnection) },
    listSearch: { searchKeyspaces: fromEditor(searchKeyspaces), searchTables: fromEditor(searchTables) },
    loadOptions: {
      allColumns: fromEditor((context) => columnOptions(context)),
      valueColumns: fromEditor((context) => columnOptions(context, isValue)),
      counterColumns: fromEditor((context) => columnOptions(context, isCounter)),
    },
    resourceMapping: {
      keyColumns: fromEditor((context) => columnFields(context, 'key')),
      partitionColumns: fromEditor((context) => columnFields(context, 'partition')),
      rowColumns: fromEditor((context) => columnFields(context, 'row')),
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
