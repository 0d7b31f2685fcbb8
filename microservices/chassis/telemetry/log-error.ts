import { stdSerializers } from 'pino';

/** Fields in which PostgreSQL repeats what somebody wrote: the value that is taken, the row, the statement. */
const VALUES = new Set(['detail', 'where', 'hint', 'internalQuery', 'query', 'parameters']);

/**
 * An error as the log shows it: its message and plain values. Libraries hang living objects on theirs (pg its client,
 * with the whole connection), which say nothing to people; and what PostgreSQL repeats of a statement's values may be
 * personal data.
 */
export const serializeError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const shown = Object.entries(stdSerializers.err(error)).filter(([, value]) => isPlain(value));
  return Object.fromEntries(isOfPostgres(error) ? shown.flatMap(withoutValues) : shown);
};

/** True for errors of the database and those that have one among their causes, whose message then holds its message. */
const isOfPostgres = (error: unknown): boolean =>
  error instanceof Error && (('severity' in error && 'routine' in error) || isOfPostgres(error.cause));

const withoutValues = ([name, value]: [string, unknown]): [string, unknown][] => {
  if (VALUES.has(name)) return [];
  return [[name, (name === 'message' || name === 'stack') && typeof value === 'string' ? withoutInput(value) : value]];
};

/**
 * "invalid input syntax for type date: "Ada"" repeats the input; names of constraints and columns come before a colon
 * and stay.
 */
const withoutInput = (text: string): string => text.replaceAll(/: "[^\n]*"/g, ': "…"');

const isPlain = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
};
