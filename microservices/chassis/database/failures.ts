/**
 * A text property of an error, looked at by shape: an error of another realm (a worker, a test's sandbox) is no
 * instance of our Error.
 */
const textOf = (error: unknown, property: 'code' | 'constraint' | 'message'): string | undefined => {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[property] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** SQLSTATE of a PostgreSQL error, or the code of a socket error, else undefined. */
export const sqlState = (error: unknown): string | undefined => textOf(error, 'code');

/** 40001 serialization failure and 40P01 deadlock: the whole transaction may be run again at once. */
export const isSerializationFailure = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
};

/** A lock was not to be had within lock_timeout. */
export const isLockTimeout = (error: unknown): boolean => sqlState(error) === '55P03';

export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  sqlState(error) === '23505' && (constraint === undefined || textOf(error, 'constraint') === constraint);

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/**
 * Others had the rows, or the database was too busy to be done in time (57014, statement_timeout): nothing is wrong
 * with the work, and it may succeed later.
 */
export const isContended = (error: unknown): boolean =>
  isSerializationFailure(error) || isLockTimeout(error) || sqlState(error) === '57014';

/** The database is away, starting, stopping or full: nothing is wrong with the statement, try again later. */
export const isUnavailable = (error: unknown): boolean => {
  const state = sqlState(error);
  if (state !== undefined) return CONNECTION_CODES.has(state) || /^(08|53|57P)/.test(state) || state === '25P03';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    textOf(error, 'message') ?? '',
  );
};
