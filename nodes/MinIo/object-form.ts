import type { INodeProperties } from 'n8n-workflow';
import { locator, optionsOf } from '../datastore/form.ts';
import { at } from './form-parts.ts';

const key: INodeProperties = {
  displayName: 'Key',
  name: 'key',
  type: 'string',
  default: '',
  required: true,
  placeholder: 'e.g. invoices/2026/1001.pdf',
  description: 'The name of the object in its bucket. Slashes are shown as folders.',
  displayOptions: at('object.copy', 'object.delete', 'object.download', 'object.presign', 'object.upload'),
};

const upload: INodeProperties[] = [
  {
    displayName: 'Content',
    name: 'content',
    type: 'options',
    options: [
      { name: 'File', value: 'file', description: 'A file of the item, read in chunks' },
      { name: 'Text', value: 'text', description: 'A text that you give here' },
    ],
    default: 'file',
    description: 'What to upload',
    displayOptions: at('object.upload'),
  },
  {
    displayName: 'Input Binary Field',
    name: 'binaryPropertyName',
    type: 'string',
    default: 'data',
    required: true,
    description: 'The binary field of the item that holds the file',
    hint: 'The name of the input field containing the file data to be processed',
    displayOptions: { show: { ...at('object.upload').show, content: ['file'] } },
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    description: 'What the object then holds',
    displayOptions: { show: { ...at('object.upload').show, content: ['text'] } },
  },
];

const download: INodeProperties = {
  displayName: 'Put Output File in Field',
  name: 'outputField',
  type: 'string',
  default: 'data',
  required: true,
  description: 'The binary field of the item that the file is put into',
  hint: 'The name of the output binary field to put the file in',
  displayOptions: at('object.download'),
};

const copy: INodeProperties[] = [
  locator(
    {
      displayName: 'To Bucket',
      name: 'toBucket',
      description: 'Where the copy goes. Empty: the same bucket.',
      displayOptions: at('object.copy'),
    },
    'searchBuckets',
    'e.g. archive',
  ),
  {
    displayName: 'To Key',
    name: 'toKey',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. archive/2026/1001.pdf',
    description: 'The name of the copy',
    displayOptions: at('object.copy'),
  },
];

const presign: INodeProperties[] = [
  {
    displayName: 'Method',
    name: 'method',
    type: 'options',
    options: [
      { name: 'GET', value: 'GET', description: 'Whoever has the URL may download the object' },
      { name: 'PUT', value: 'PUT', description: 'Whoever has the URL may upload the object' },
    ],
    default: 'GET',
    description: 'What the URL allows',
    displayOptions: at('object.presign'),
  },
  {
    displayName: 'Valid for (Seconds)',
    name: 'seconds',
    type: 'number',
    typeOptions: { minValue: 1, maxValue: 604800 },
    default: 3600,
    description: 'How long the URL works, at most seven days. It cannot be revoked.',
    displayOptions: at('object.presign'),
  },
];

const prefix: INodeProperties = {
  displayName: 'Prefix',
  name: 'prefix',
  type: 'string',
  default: '',
  placeholder: 'e.g. invoices/2026/',
  description: 'Only objects whose keys begin with this. Empty: all.',
  displayOptions: at('object.getMany'),
};

const contentType: INodeProperties = {
  displayName: 'Content Type',
  name: 'contentType',
  type: 'string',
  default: '',
  placeholder: 'e.g. image/png',
  description: 'The media type of the object. Empty: the type of the file, and text/plain for a text.',
};

const metadata: INodeProperties = {
  displayName: 'Metadata',
  name: 'metadata',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add metadata',
  default: {},
  description: 'Metadata to store with the object, as x-amz-meta headers',
  options: [
    {
      displayName: 'Entry',
      name: 'entry',
      values: [
        {
          displayName: 'Name',
          name: 'name',
          type: 'string',
          default: '',
          description: 'Name of the header after x-amz-meta-',
        },
        { displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Text of the header' },
      ],
    },
  ],
};

/** The fields for objects, beside bucket, paging and options. */
export const objectFields: INodeProperties[] = [key, ...upload, download, ...copy, prefix, ...presign];

/** The options of each operation on objects. */
export const objectOptions: INodeProperties[] = [
  optionsOf(at('object.upload'), [
    {
      displayName: 'Cache Control',
      name: 'cacheControl',
      type: 'string',
      default: '',
      placeholder: 'e.g. public, max-age=3600',
      description: 'How long browsers and proxies may cache the object',
    },
    contentType,
    {
      displayName: 'Download File Name',
      name: 'downloadFileName',
      type: 'string',
      default: '',
      placeholder: 'e.g. invoice-1001.pdf',
      description: 'The name under which browsers save the object',
    },
    metadata,
  ]),
  optionsOf(at('object.download'), [
    {
      displayName: 'File Name',
      name: 'fileName',
      type: 'string',
      default: '',
      description: 'The name of the file in the item. Empty: the last part of the key.',
    },
  ]),
  optionsOf(at('object.getMany'), [
    {
      displayName: 'One Level Only',
      name: 'oneLevel',
      type: 'boolean',
      default: false,
      description: 'Whether to return only entries directly under the prefix, with each folder as one item',
    },
  ]),
  optionsOf(at('object.presign'), [
    {
      displayName: 'Download File Name',
      name: 'downloadFileName',
      type: 'string',
      default: '',
      placeholder: 'e.g. invoice-1001.pdf',
      description: 'The name under which browsers save the object. Only for GET.',
    },
  ]),
];
