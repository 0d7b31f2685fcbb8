import { shownAt } from '../datastore/form.ts';

/** Resources and operations, as parameters name them. */
export type OperationName =
  | 'bucket.create'
  | 'bucket.delete'
  | 'bucket.getMany'
  | 'object.copy'
  | 'object.delete'
  | 'object.download'
  | 'object.getMany'
  | 'object.presign'
  | 'object.upload';

export const at = shownAt<OperationName>;
