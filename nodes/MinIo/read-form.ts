/** Reads the form of an item for the operations. Throws StoreError for input that cannot be used. */
import { StoreError } from '../datastore/error.ts';
import { located, optionOf, type Parameter } from '../datastore/read.ts';

export const textOf = (parameter: Parameter, name: string): string => plain(parameter(name));

const plain = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

export const optionText = (parameter: Parameter, name: string): string => {
  const value = optionOf(parameter, name);
  return typeof value === 'string' ? value.trim() : '';
};

const bucketIn = (parameter: Parameter, name: 'bucket' | 'toBucket'): string => located(parameter(name)).trim();

export const bucketOf = (parameter: Parameter): string => {
  const bucket = bucketIn(parameter, 'bucket') || textOf(parameter, 'bucketName').trim();
  if (bucket === '')
    throw new StoreError('INVALID_INPUT', 'No bucket is chosen.', 'Choose a bucket, or give its name.');
  return bucket;
};

export const targetBucketOf = (parameter: Parameter): string => bucketIn(parameter, 'toBucket') || bucketOf(parameter);

const MOST_KEY_BYTES = 1_024;

/** A key as it is: blanks at its ends are part of it. */
export const keyOf = (parameter: Parameter, name: 'key' | 'toKey'): string => {
  const key = textOf(parameter, name);
  const bytes = Buffer.byteLength(key);
  if (bytes > 0 && bytes <= MOST_KEY_BYTES) return key;
  throw new StoreError(
    'INVALID_INPUT',
    bytes === 0 ? 'The key is empty.' : `The key has ${bytes} bytes; an object's key has at most ${MOST_KEY_BYTES}.`,
    'Give the object a name, for example invoices/2026/1001.pdf.',
  );
};

/** x-amz-meta headers. HTTP carries plain letters only. */
export const metadataOf = (parameter: Parameter): Record<string, string> => {
  const given = optionOf(parameter, 'metadata') as { entry?: { name?: unknown; value?: unknown }[] } | undefined;
  const entries = (given?.entry ?? []).map(({ name, value }): [string, string] => [
    plain(name).trim(),
    plain(value).trim(),
  ]);
  for (const [name, value] of entries) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
      throw new StoreError(
        'INVALID_INPUT',
        `"${name}" is not a valid name for metadata.`,
        'Take letters, digits, hyphens, dots and underscores.',
      );
    if (!/^[\x20-\x7e]*$/.test(value))
      throw new StoreError(
        'INVALID_INPUT',
        `The metadata "${name}" holds signs that S3 does not carry: ${value.slice(0, 60)}.`,
        'Take plain letters, or encode the value, for example with {{ encodeURIComponent(…) }}.',
      );
  }
  return Object.fromEntries(entries.map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, value]));
};

/** Bucket and key as far as the form has them, for words about a failure. */
export const placeOf = (parameter: Parameter): { bucket: string; key: string } => ({
  bucket: bucketIn(parameter, 'bucket') || textOf(parameter, 'bucketName').trim(),
  key: textOf(parameter, 'key'),
});
