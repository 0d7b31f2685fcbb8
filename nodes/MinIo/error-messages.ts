import { StoreError } from '../datastore/error.ts';

/** The names that a message mentions. */
export interface Where {
  endpoint: string;
  accessKey: string;
  region?: string | undefined;
  bucket?: string | undefined;
  key?: string | undefined;
}

/** Explains a failure of the server or of the connection to it: what happened, to which value, and what to do. */
export const explain = (thrown: unknown, where: Where): StoreError => {
  if (thrown instanceof StoreError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // OpenSSL ends its words with a line break.
  const said = error.message.trim();
  const code = codeOf(error);
  const known = ANSWERS[code];
  if (known) return known(where, said);
  if (/certificate|self.signed|EPROTO|wrong version number|SSL/i.test(`${code} ${said}`)) return noTls(where, said);
  const status = /Retryable HTTP status: (\d+)/.exec(said)?.[1];
  if (status) return busy(where, status);
  if (/^E[A-Z_]+$/.test(code) || /no answer within|socket hang up|Parse Error/i.test(said))
    return unreachable(where, said);
  if (/Invalid bucket name/i.test(said)) return badBucketName(where);
  // A refusal without one of S3's codes comes without words: a server with TLS that is spoken to without, for one.
  if ((code === '' && said === '') || /ListBucketResult|not an S3|tag: /i.test(said)) return noS3(where);
  return new StoreError(
    code || 'STORAGE_ERROR',
    `MinIO at ${where.endpoint}: ${said || code}`,
    'See what the message names, and run it again.',
  );
};

/** An S3 server's code ("NoSuchBucket"), or the system's ("ECONNREFUSED"). */
const codeOf = (error: Error): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

const unreachable = ({ endpoint }: Where, said: string): StoreError =>
  new StoreError(
    'UNREACHABLE',
    `MinIO cannot be reached at ${endpoint} (${said}).`,
    'Check the endpoint in the credential (http or https, host and port), that the server is running, and that n8n may reach it.',
  );

const noTls = ({ endpoint }: Where, said: string): StoreError =>
  new StoreError(
    'TLS_FAILED',
    `The encrypted connection to MinIO at ${endpoint} could not be made (${said}).`,
    'Check http or https and the CA certificate in the MinIO credential.',
  );

const busy = ({ endpoint }: Where, status: string): StoreError =>
  new StoreError(
    'UNAVAILABLE',
    `MinIO at ${endpoint} answered with status ${status}.`,
    'The server is busy or has a fault. Let the node retry later; uploading the same object again is safe.',
  );

const badBucketName = ({ bucket }: Where): StoreError =>
  new StoreError(
    'INVALID_BUCKET_NAME',
    `"${bucket ?? ''}" is not a valid bucket name.`,
    'A name has 3 to 63 lowercase letters, digits, hyphens and dots, and begins with a letter or a digit.',
  );

const noS3 = ({ endpoint }: Where): StoreError =>
  new StoreError(
    'NOT_S3',
    `The server at ${endpoint} does not speak the S3 API.`,
    'Check the endpoint in the credential: http or https as the server speaks it, and the port, since MinIO’s console has another one than its API.',
  );

const denied = ({ endpoint, accessKey, bucket, key }: Where): StoreError =>
  new StoreError(
    'ACCESS_DENIED',
    `MinIO at ${endpoint} does not let the access key "${accessKey}" do this${inBucket(bucket, key)}.`,
    'Give the access key a policy that allows it, or use another credential.',
  );

const inBucket = (bucket: string | undefined, key: string | undefined): string => {
  if (!bucket) return '';
  return key ? ` with "${key}" in the bucket "${bucket}"` : ` with the bucket "${bucket}"`;
};

const noObject = ({ bucket, key }: Where): StoreError =>
  new StoreError(
    'OBJECT_NOT_FOUND',
    `The bucket "${bucket ?? ''}" has no object "${key ?? ''}".`,
    'Check the key, upper and lower case included. Get Many lists what is there.',
  );

type Words = (where: Where, said: string) => StoreError;

/** S3's error codes. */
const ANSWERS: Record<string, Words> = {
  NoSuchBucket: ({ bucket }) =>
    new StoreError(
      'BUCKET_NOT_FOUND',
      `There is no bucket "${bucket ?? ''}".`,
      'Choose one of the list, or create it first.',
    ),
  NoSuchKey: noObject,
  NotFound: noObject,
  AccessDenied: denied,
  InvalidAccessKeyId: unknownKey,
  // Versity's gateway says it so.
  XAdminUserNotFound: unknownKey,
  SignatureDoesNotMatch: ({ endpoint, accessKey, region }) =>
    new StoreError(
      'AUTHENTICATION_FAILED',
      `MinIO at ${endpoint} refused the secret key of "${accessKey}".`,
      `Check the secret key in the MinIO credential. A proxy that changes the host name, or a region other than ${region || 'us-east-1'}, has the same effect.`,
    ),
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  InvalidRegion: wrongRegion,
  BucketNotEmpty: ({ bucket }) =>
    new StoreError(
      'BUCKET_NOT_EMPTY',
      `The bucket "${bucket ?? ''}" still holds objects, and only an empty bucket can be deleted.`,
      'Delete its objects first: Get Many with Return All, then Delete. Where versions are kept, those count too.',
    ),
  BucketAlreadyOwnedByYou: exists('and it is yours'),
  BucketAlreadyExists: exists('and it may belong to somebody else'),
  InvalidBucketName: badBucketName,
  EntityTooLarge: ({ key }, said) =>
    new StoreError(
      'TOO_LARGE',
      `"${key ?? ''}" is too large (${said}).`,
      'A copy takes objects up to 5 GiB; download and upload larger ones.',
    ),
  RequestTimeTooSkewed: ({ endpoint }) =>
    new StoreError(
      'CLOCKS_DIFFER',
      `The clocks of n8n and of MinIO at ${endpoint} differ by more than 15 minutes.`,
      'Set both machines by a time server.',
    ),
};

function unknownKey({ endpoint, accessKey }: Where): StoreError {
  return new StoreError(
    'AUTHENTICATION_FAILED',
    `MinIO at ${endpoint} does not know the access key "${accessKey}".`,
    'Check the access key in the MinIO credential.',
  );
}

function wrongRegion({ endpoint, region }: Where, said: string): StoreError {
  return new StoreError(
    'WRONG_REGION',
    `MinIO at ${endpoint} is not in the region "${region || 'us-east-1'}" (${said}).`,
    'Correct the region in the MinIO credential.',
  );
}

function exists(whose: string): Words {
  return ({ bucket }) =>
    new StoreError(
      'BUCKET_EXISTS',
      `There is a bucket "${bucket ?? ''}" already, ${whose}.`,
      'Choose another name, or set Options → Accept Existing.',
    );
}
