export { openS3ObjectStore, type S3ObjectStore } from './s3/store.ts';
