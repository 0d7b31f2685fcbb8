import { z } from 'zod';

/** A setting that holds a whole number from 1 to `max`, as an environment variable carries it; `fallback` when it is not set. */
export const wholeNumber = (fallback: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .default(String(fallback))
    .transform(Number)
    .pipe(z.int().min(1).max(max));
