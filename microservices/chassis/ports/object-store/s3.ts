export type { S3Options } from './s3/connection.ts';
export { openS3ObjectStore, type S3ObjectStore } from './s3/store.ts';
