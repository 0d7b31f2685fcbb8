import {
  NodeConnectionTypes,
  type ICredentialsDecrypted,
  type ICredentialTestFunctions,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeCredentialTestResult,
  type INodeExecutionData,
  type INodeListSearchResult,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import type { MinIoCredential } from './connection.ts';
import { testConnection } from './credential-test.ts';
import { properties } from './description.ts';
import { executeItems } from './execute.ts';
import { searchBuckets } from './pickers.ts';

export class MinIo implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'MinIO',
    name: 'minIo',
    icon: { light: 'file:minIo.svg', dark: 'file:minIo.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Store and fetch files in MinIO and other servers of the S3 API',
    defaults: { name: 'MinIO' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'minIo', required: true, testedBy: 'minIoTest' }],
    properties,
  };

  methods = {
    credentialTest: {
      async minIoTest(
        this: ICredentialTestFunctions,
        tested: ICredentialsDecrypted,
      ): Promise<INodeCredentialTestResult> {
        // n8n hands over what the credential's form holds.
        return testConnection((tested.data ?? {}) as unknown as MinIoCredential);
      },
    },
    listSearch: {
      async searchBuckets(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
        return searchBuckets(this, filter);
      },
    },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
