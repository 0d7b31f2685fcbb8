/** The values of a query, each with its SQL type, as the JSON that Druid takes. */
import { utcMoment } from '../run/moment.ts';
import { StoreError } from '../datastore/error.ts';

export const TYPES = ['ARRAY', 'BIGINT', 'BOOLEAN', 'DOUBLE', 'FLOAT', 'INTEGER', 'TIMESTAMP', 'VARCHAR'] as const;
export type ParameterType = (typeof TYPES)[number];

/** What each type holds, as the form says it. */
export const TYPE_HINTS: Record<ParameterType, string> = {
  ARRAY: 'A list of values',
  BIGINT: 'A whole number of up to 19 digits',
  BOOLEAN: 'True or false',
  DOUBLE: 'A number with decimals',
  FLOAT: 'A number with decimals, less exact',
  INTEGER: 'A whole number of up to ten digits',
  TIMESTAMP: 'A moment',
  VARCHAR: 'Text',
};

/**
 * A value as JSON text, so that a bigint keeps every digit. Throws StoreError, naming value and place, where it is none
 * of the type.
 */
export const parameterJson = (type: ParameterType, value: unknown, position: number, zone: string): string => {
  if (value === null || value === undefined) return JSON.stringify({ type, value: null });
  const json = WRITERS[type](value, zone);
  if (json !== undefined) return `{"type":${JSON.stringify(type)},"value":${json}}`;
  throw new StoreError(
    'INVALID_VALUE',
    `The value ${JSON.stringify(value).slice(0, 80)} of parameter ${position} is no ${type}.`,
    'Give another value, or choose the type that it has.',
  );
};

type Write = (value: unknown, zone: string) => string | undefined;

/** Digits stay as they were written. */
const whole: Write = (value) => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value.trim()) ? String(BigInt(value.trim())) : undefined;
};

const real: Write = (value) => {
  const text = typeof value === 'string' ? value.trim() : value;
  const number = text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? String(number) : undefined;
};

const yesOrNo: Write = (value) => {
  const text = String(value).trim().toLowerCase();
  return text === 'true' || text === 'false' ? text : undefined;
};

const moment: Write = (value, zone) => {
  const utc = utcMoment(value, zone);
  return utc === undefined ? undefined : JSON.stringify(utc);
};

const list: Write = (value) => {
  const given = typeof value === 'string' ? parsed(value) : value;
  return Array.isArray(given) ? JSON.stringify(given) : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const WRITERS: Record<ParameterType, Write> = {
  ARRAY: list,
  BIGINT: whole,
  BOOLEAN: yesOrNo,
  DOUBLE: real,
  FLOAT: real,
  INTEGER: whole,
  TIMESTAMP: moment,
  VARCHAR: (value) => JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)),
};
