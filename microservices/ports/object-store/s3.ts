export { openS3ObjectStore } from './s3/store.ts';
