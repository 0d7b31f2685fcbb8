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
import { columnFields, columnOptions, searchSchemas, searchTables } from './pickers.ts';

export class YugabyteDb implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'YugabyteDB',
    name: 'yugabyteDb',
    icon: { light: 'file:yugabyteDb.svg', dark: 'file:yugabyteDb.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Read and write rows in YugabyteDB and PostgreSQL',
    defaults: { name: 'YugabyteDB' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'yugabyteDb', required: true, testedBy: 'yugabyteDbTest' }],
    properties,
  };

  methods = {
    credentialTest: { yugabyteDbTest: credentialTest(testConnection) },
    listSearch: { searchSchemas: fromEditor(searchSchemas), searchTables: fromEditor(searchTables) },
    loadOptions: { columns: fromEditor(columnOptions) },
    resourceMapping: {
      columnsToInsert: fromEditor((context) => columnFields(context, 'insert')),
      columnsToUpdate: fromEditor((context) => columnFields(context, 'update')),
      columnsToUpsert: fromEditor((context) => columnFields(context, 'upsert')),
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
