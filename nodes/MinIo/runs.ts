/** Each operation of the form: what it reads, what it calls, what it puts out. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Client } from 'minio';
import { StoreError } from '../datastore/error.ts';
import { limitOf, optionOf, type Parameter } from '../datastore/read.ts';
import type { MinIoCredential } from './connection.ts';
import type { OperationName } from './form-parts.ts';
import { binaryOf, fileOf, textFile } from './files.ts';
import {
  attachment,
  copyObject,
  createBucket,
  deleteBucket,
  deleteObject,
  isLifetime,
  listBuckets,
  listObjects,
  openObject,
  presignObject,
  uploadObject,
} from './operations.ts';
import { bucketOf, keyOf, metadataOf, optionText, targetBucketOf, textOf } from './read-form.ts';

export interface Run {
  context: IExecuteFunctions;
  client: Client;
  credential: MinIoCredential;
  parameter: Parameter;
  item: number;
}

type Operation = (run: Run) => Promise<INodeExecutionData[]>;

const asItems = (rows: IDataObject[]): INodeExecutionData[] => rows.map((json) => ({ json }));

const addressOf = (parameter: Parameter) => ({ bucket: bucketOf(parameter), key: keyOf(parameter, 'key') });

const upload: Operation = async ({ context, client, parameter, item }) => {
  const address = addressOf(parameter);
  const metadata = metadataOf(parameter);
  const file =
    textOf(parameter, 'content') === 'text'
      ? textFile(textOf(parameter, 'text'))
      : await fileOf(context, item, textOf(parameter, 'binaryPropertyName') || 'data');
  const cacheControl = optionText(parameter, 'cacheControl');
  const fileName = optionText(parameter, 'downloadFileName');
  const headers = {
    'Content-Type': optionText(parameter, 'contentType') || file.contentType,
    ...(cacheControl && { 'Cache-Control': cacheControl }),
    ...(fileName && { 'Content-Disposition': attachment(fileName) }),
    ...metadata,
  };
  return asItems([await uploadObject(client, address, file, headers)]);
};

const download: Operation = async ({ context, client, parameter }) => {
  const address = addressOf(parameter);
  const opened = await openObject(client, address);
  const lastPart = address.key.split('/').filter(Boolean).at(-1);
  const fileName = optionText(parameter, 'fileName') || lastPart || 'object';
  const field = textOf(parameter, 'outputField') || 'data';
  return [{ json: opened.item, binary: { [field]: await binaryOf(context, opened, fileName) } }];
};

const getManyObjects: Operation = async ({ client, parameter }) =>
  asItems(
    await listObjects(client, bucketOf(parameter), {
      prefix: textOf(parameter, 'prefix'),
      oneLevel: optionOf(parameter, 'oneLevel') === true,
      limit: limitOf(parameter) ?? Infinity,
    }),
  );

const copy: Operation = async ({ client, parameter }) =>
  asItems([
    await copyObject(client, addressOf(parameter), {
      bucket: targetBucketOf(parameter),
      key: keyOf(parameter, 'toKey'),
    }),
  ]);

const presign: Operation = async ({ client, parameter }) => {
  const seconds = Number(parameter('seconds') ?? 3_600);
  if (!isLifetime(seconds))
    throw new StoreError(
      'INVALID_INPUT',
      `A URL is valid for 1 to 604800 seconds (seven days), not for ${textOf(parameter, 'seconds')}.`,
      'Choose a shorter time.',
    );
  const method = textOf(parameter, 'method') === 'PUT' ? 'PUT' : 'GET';
  const downloadFileName = optionText(parameter, 'downloadFileName');
  return asItems([
    await presignObject(client, addressOf(parameter), { method, seconds, downloadFileName, now: new Date() }),
  ]);
};

/** By resource and operation. */
export const RUNS: Record<OperationName, Operation> = {
  'bucket.create': async ({ client, credential, parameter }) => {
    const accept = optionOf(parameter, 'acceptExisting') === true;
    const region = credential.region?.trim() || 'us-east-1';
    return asItems([await createBucket(client, bucketOf(parameter), region, accept)]);
  },
  'bucket.delete': async ({ client, parameter }) => asItems([await deleteBucket(client, bucketOf(parameter))]),
  'bucket.getMany': async ({ client, parameter }) => asItems(await listBuckets(client, limitOf(parameter) ?? Infinity)),
  'object.copy': copy,
  'object.delete': async ({ client, parameter }) => asItems([await deleteObject(client, addressOf(parameter))]),
  'object.download': download,
  'object.getMany': getManyObjects,
  'object.presign': presign,
  'object.upload': upload,
};
