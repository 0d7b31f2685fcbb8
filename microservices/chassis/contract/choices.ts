import { z } from 'zod';

/**
 * An enum whose every value is explained: `choices({ newest: 'Newest first', oldest: 'Oldest first' })`. The forms of
 * nodes and the reference show the sentences beside the values.
 */
export const choices = <const Values extends Readonly<Record<string, string>>>(values: Values) =>
  z.enum(Object.keys(values) as (keyof Values & string)[]).meta({ 'x-enumDescriptions': values });

/** One value or several of them, for a filter: `state=placed` or `state=placed&state=approved`. Read as a list. */
export const oneOrMore = <Value extends z.ZodType>(value: Value) =>
  z
    .union([value, z.array(value).min(1).max(50)])
    .transform((given): z.output<Value>[] => (Array.isArray(given) ? (given as z.output<Value>[]) : [given]));
