import type { INodeProperties } from 'n8n-workflow';
import { objectFields, objectOptions } from './object-form.ts';

const resource: INodeProperties = {
  displayName: 'Resource',
  name: 'resource',
  type: 'options',
  noDataExpression: true,
  options: [
    { name: 'Bucket', value: 'bucket' },
    { name: 'Object', value: 'object' },
  ],
  default: 'object',
};

const bucketOperation: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  displayOptions: { show: { resource: ['bucket'] } },
  options: [
    { name: 'Create', value: 'create', description: 'Create a bucket', action: 'Create a bucket' },
    { name: 'Delete', value: 'delete', description: 'Delete a bucket that is empty', action: 'Delete a bucket' },
    { name: 'Get Many', value: 'getMany', description: 'Get many buckets', action: 'Get many buckets' },
  ],
  default: 'getMany',
};

const objectOperation: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  displayOptions: { show: { resource: ['object'] } },
  options: [
    { name: 'Copy', value: 'copy', description: 'Copy an object to another key or bucket', action: 'Copy an object' },
    { name: 'Delete', value: 'delete', description: 'Delete an object', action: 'Delete an object' },
    { name: 'Download', value: 'download', description: 'Download an object as a file', action: 'Download an object' },
    { name: 'Get Many', value: 'getMany', description: 'Get many objects of a bucket', action: 'Get many objects' },
    {
      name: 'Presign',
      value: 'presign',
      description: 'Make a URL that lets anybody who has it download or upload one object for a while',
      action: 'Presign an object',
    },
    {
      name: 'Upload',
      value: 'upload',
      description: 'Upload a file or a text, over an object of the same key',
      action: 'Upload an object',
    },
  ],
  default: 'upload',
};

/** n8n shows a parameter where every name of `show` matches, so each resource has its own. */
const bucketOf = (resourceName: 'object' | 'bucket', operations: string[], description: string): INodeProperties => ({
  displayName: 'Bucket',
  name: 'bucket',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description,
  displayOptions: { show: { resource: [resourceName], operation: operations } },
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchBuckets', searchable: true },
    },
    { displayName: 'By Name', name: 'name', type: 'string', placeholder: 'e.g. product-images' },
  ],
});

const newBucket: INodeProperties[] = [
  {
    displayName: 'Bucket Name',
    name: 'bucketName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. product-images',
    description: 'Three to 63 small letters, digits and hyphens',
    displayOptions: { show: { resource: ['bucket'], operation: ['create'] } },
  },
];

const paging: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
    displayOptions: { show: { resource: ['bucket', 'object'], operation: ['getMany'] } },
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { resource: ['bucket', 'object'], operation: ['getMany'], returnAll: [false] } },
  },
];

const bucketOptions: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  displayOptions: { show: { resource: ['bucket'], operation: ['create'] } },
  options: [
    {
      displayName: 'Accept Existing',
      name: 'acceptExisting',
      type: 'boolean',
      default: false,
      description: 'Whether to go on when the bucket is there already and yours',
    },
  ],
};

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  bucketOperation,
  objectOperation,
  bucketOf('object', ['copy', 'delete', 'download', 'getMany', 'presign', 'upload'], 'Where the object lies'),
  bucketOf('bucket', ['delete'], 'The bucket to delete; it has to be empty'),
  ...newBucket,
  ...objectFields,
  ...paging,
  bucketOptions,
  ...objectOptions,
];
