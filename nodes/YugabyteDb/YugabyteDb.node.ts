import {
  NodeConnectionTypes,
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeListSearchResult,
  type INodePropertyOptions,
  type INodeType,
  type INodeTypeDescription,
  type ResourceMapperFields,
} from 'n8n-workflow';
import type { YugabyteDbCredential } from './connection.ts';
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
    credentialTest: {
      async yugabyteDbTest(
        this: ICredentialTestFunctions,
        tested: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        // n8n hands over what the credential's form holds.
        return testConnection((tested.data ?? {}) as unknown as YugabyteDbCredential);
      },
    },
    listSearch: {
      async searchSchemas(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
        return searchSchemas(this, filter);
      },
      async searchTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
        return searchTables(this, filter);
      },
    },
    loadOptions: {
      async columns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
        return columnOptions(this);
      },
    },
    resourceMapping: {
      async columnsToInsert(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return columnFields(this, 'insert');
      },
      async columnsToUpdate(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return columnFields(this, 'update');
      },
      async columnsToUpsert(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return columnFields(this, 'upsert');
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
