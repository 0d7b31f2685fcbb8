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
    credentialTest: { minIoTest: credentialTest(testConnection) },
    listSearch: { searchBuckets: fromEditor(searchBuckets) },
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return executeItems(this);
  }
}
