import { z } from 'zod';

/** How often a thing was changed: the output field that makes an answer carry an ETag. */
export const version = z
  .int()
  .describe('Number of the last change; send it as expectedVersion to avoid overwriting changes of others');

/** The input with which an operation takes If-Match. Version 0 is a thing that is not there yet. */
export const expectedVersion = z
  .int()
  .min(0)
  .max(2_147_483_647)
  .optional()
  .describe('Refuses the change when it has changed since this version');

/** The failure of an operation with `expectedVersion`; over If-Match it answers 412. */
export const VERSION_CONFLICT = {
  status: 409,
  title: 'Changed since this version',
  data: z.object({ expected: z.int(), actual: z.int() }),
} as const;
