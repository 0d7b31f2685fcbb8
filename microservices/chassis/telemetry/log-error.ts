import { stdSerializers } from 'pino';

/** An error as the log shows it: its words and plain values. Libraries hang living objects on theirs (pg its client, with the whole connection), which say nothing to people. */
export const serializeError = (error: unknown): unknown =>
  error instanceof Error
    ? Object.fromEntries(Object.entries(stdSerializers.err(error)).filter(([, value]) => isPlain(value)))
    : error;

const isPlain = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
};
