import type { INodeProperties } from 'n8n-workflow';
import { limits, locator, operationOf, optionsOf, resourceOf } from '../datastore/form.ts';
import { at } from './form-parts.ts';
import { objectFields, objectOptions } from './object-form.ts';

const resource = resourceOf(
  [
    { name: 'Bucket', value: 'bucket', description: 'A container of objects' },
    { name: 'Object', value: 'object', description: 'A file in a bucket' },
  ],
  'object',
);

const bucketOperation = operationOf(
  'bucket',
  [
    { name: 'Create', value: 'create', description: 'Create a bucket', action: 'Create a bucket' },
    { name: 'Delete', value: 'delete', description: 'Delete a bucket that is empty', action: 'Delete a bucket' },
    { name: 'Get Many', value: 'getMany', description: 'Get many buckets', action: 'Get many buckets' },
  ],
  'getMany',
);

const objectOperation = operationOf(
  'object',
  [
    { name: 'Copy', value: 'copy', description: 'Copy an object to another key or bucket', action: 'Copy an object' },
    { name: 'Delete', value: 'delete', description: 'Delete an object', action: 'Delete an object' },
    { name: 'Download', value: 'download', description: 'Download an object as a file', action: 'Download an object' },
    { name: 'Get Many', value: 'getMany', description: 'Get many objects of a bucket', action: 'Get many objects' },
    {
      name: 'Presign',
      value: 'presign',
      description: 'Create a URL that lets anyone who has it download or upload one object for a limited time',
      action: 'Presign an object',
    },
    {
      name: 'Upload',
      value: 'upload',
      description: 'Upload a file or a text; it replaces an object with the same key',
      action: 'Upload an object',
    },
  ],
  'upload',
);

const bucket = (displayOptions: INodeProperties['displayOptions'], description: string): INodeProperties =>
  locator(
    { displayName: 'Bucket', name: 'bucket', required: true, description, displayOptions },
    'searchBuckets',
    'e.g. product-images',
  );

const newBucket: INodeProperties[] = [
  {
    displayName: 'Bucket Name',
    name: 'bucketName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. product-images',
    description: '3 to 63 lowercase letters, digits and hyphens',
    displayOptions: at('bucket.create'),
  },
];

const bucketOptions = optionsOf(at('bucket.create'), [
  {
    displayName: 'Accept Existing',
    name: 'acceptExisting',
    type: 'boolean',
    default: false,
    description: 'Whether to succeed when the bucket already exists and is yours',
  },
]);

/** The node's form. */
export const properties: INodeProperties[] = [
  resource,
  bucketOperation,
  objectOperation,
  bucket(
    at('object.copy', 'object.delete', 'object.download', 'object.getMany', 'object.presign', 'object.upload'),
    'Where the object lies',
  ),
  bucket(at('bucket.delete'), 'The bucket to delete; it has to be empty'),
  ...newBucket,
  ...objectFields,
  ...limits(at('bucket.getMany', 'object.getMany')),
  bucketOptions,
  ...objectOptions,
];
