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
import type { ScyllaDbCredential } from './connection.ts';
import { testConnection } from './credential-test.ts';
import { properties } from './description.ts';
import { executeItems } from './execute.ts';
import { columnFields, columnOptions, inWords, searchKeyspaces, searchTables } from './pickers.ts';

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
    credentialTest: {
      async scyllaDbTest(
        this: ICredentialTestFunctions,
        tested: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        // n8n hands over what the credential's form holds.
        return testConnection((tested.data ?? {}) as unknown as ScyllaDbCredential);
      },
    },
    listSearch: {
      async searchKeyspaces(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
        return inWords(this, (credential) => searchKeyspaces(credential, filter));
      },
      async searchTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
        return inWords(this, (credential) => searchTables(this, credential, filter));
      },
    },
    loadOptions: {
      async allColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
        return inWords(this, (credential) => columnOptions(this, credential, () => true));
      },
      async valueColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
        return inWords(this, (credential) =>
          columnOptions(this, credential, ({ kind }) => kind === 'regular' || kind === 'static'),
        );
      },
      async counterColumns(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
        return inWords(this, (credential) => columnOptions(this, credential, ({ type }) => type === 'counter'));
      },
    },
    resourceMapping: {
      async keyColumns(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return inWords(this, (credential) => columnFields(this, credential, 'key'));
      },
      async partitionColumns(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return inWords(this, (credential) => columnFields(this, credential, 'partition'));
      },
      async rowColumns(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
        return inWords(this, (credential) => columnFields(this, credential, 'row'));
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
