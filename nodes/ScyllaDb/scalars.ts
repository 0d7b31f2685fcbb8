import { types } from 'cassandra-driver';
import { utcMoment } from '../run/moment.ts';

const { dataTypes } = types;

/** How values of one CQL type are read from what an item holds. */
export interface Scalar {
  /** For people, after "takes". */
  wants: string;
  /** Undefined when the value is none of the type. `zone`: the IANA zone that times without one are meant in. */
  read: (value: unknown, zone: string) => unknown;
}

const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
};

/** Text of a whole number; undefined for what is none, and for a number that JavaScript could not hold exactly. */
const wholeText = (value: unknown): string | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value === 'bigint') return String(value);
  const text = typeof value === 'string' ? value.trim() : '';
  return /^[+-]?\d{1,1000}$/.test(text) ? text.replace(/^\+/, '') : undefined;
};

const bounded = (value: unknown, bits: bigint): bigint | undefined => {
  const text = wholeText(value);
  if (text === undefined) return undefined;
  const number = BigInt(text);
  const limit = 1n << (bits - 1n);
  return number >= -limit && number < limit ? number : undefined;
};

const small = (bits: bigint, wants: string): Scalar => ({
  wants,
  read: (value) => {
    const number = bounded(value, bits);
    return number === undefined ? undefined : Number(number);
  },
});

const long: Scalar = {
  wants: 'a whole number of 64 bits (beyond 9007199254740991 as text, because a number would lose digits)',
  read: (value) => {
    const number = bounded(value, 64n);
    return number === undefined ? undefined : types.Long.fromString(String(number));
  },
};

const floating: Scalar = {
  wants: 'a number',
  read: (value) => {
    if (typeof value === 'number') return value;
    const text = typeof value === 'string' ? value.trim() : '';
    if (/^(?:NaN|-?Infinity)$/.test(text)) return Number(text);
    return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  },
};

const decimal: Scalar = {
  wants: 'a decimal number, for example 12.50',
  read: (value) => {
    const text = typeof value === 'number' ? plainDigits(value) : typeof value === 'string' ? value.trim() : '';
    return text !== undefined && /^[+-]?\d{1,1000}(?:\.\d{1,1000})?$/.test(text)
      ? types.BigDecimal.fromString(text.replace(/^\+/, ''))
      : undefined;
  },
};

/** 1e-7 as 0.0000001: the driver reads no exponents. */
const plainDigits = (value: number): string | undefined => {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return Number.isFinite(value) ? text : undefined;
  const decimals = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  if (decimals > 0) return value.toFixed(Math.min(decimals, 100));
  return BigInt(value).toString();
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const fromText =
  (make: (text: string) => unknown, pattern: RegExp) =>
  (value: unknown): unknown => {
    const text = typeof value === 'string' ? value.trim() : '';
    if (!pattern.test(text)) return undefined;
    try {
      return make(text);
    } catch {
      return undefined;
    }
  };

/** A day that the calendar has: the driver turns the 30th of February into the 1st of March. */
const day = (text: string): unknown => {
  const date = types.LocalDate.fromString(text.slice(0, 10));
  return date.toString() === text.slice(0, 10) ? date : undefined;
};

/** By the driver's code of the type. Read strictly: the driver itself takes "abc" for 0 and wraps what is too large. */
export const SCALARS: Record<number, Scalar> = {
  [dataTypes.ascii]: { wants: 'text', read: asText },
  [dataTypes.text]: { wants: 'text', read: asText },
  [dataTypes.varchar]: { wants: 'text', read: asText },
  [dataTypes.tinyint]: small(8n, 'a whole number from -128 to 127'),
  [dataTypes.smallint]: small(16n, 'a whole number from -32768 to 32767'),
  [dataTypes.int]: small(32n, 'a whole number from -2147483648 to 2147483647'),
  [dataTypes.bigint]: long,
  [dataTypes.counter]: long,
  [dataTypes.varint]: {
    wants: 'a whole number (large ones as text)',
    read: (value) => {
      const text = wholeText(value);
      return text === undefined ? undefined : types.Integer.fromString(text);
    },
  },
  [dataTypes.decimal]: decimal,
  [dataTypes.float]: floating,
  [dataTypes.double]: floating,
  [dataTypes.boolean]: {
    wants: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : { true: true, false: false }[String(value).toLowerCase()]),
  },
  [dataTypes.uuid]: {
    wants: 'a UUID, for example 123e4567-e89b-12d3-a456-426614174000',
    read: fromText((text) => types.Uuid.fromString(text), UUID),
  },
  [dataTypes.timeuuid]: {
    wants: 'a UUID of version 1 (one that holds a time)',
    read: fromText((text) => (UUID.exec(text)?.[1] === '1' ? types.TimeUuid.fromString(text) : undefined), UUID),
  },
  [dataTypes.timestamp]: {
    wants: 'a moment, for example 2026-11-26T10:00:00Z',
    read: (value, zone) => {
      const moment = utcMoment(value, zone);
      return moment === undefined ? undefined : new Date(moment);
    },
  },
  [dataTypes.date]: { wants: 'a day, for example 2026-11-26', read: fromText(day, /^\d{4}-\d\d-\d\d(?:T.*)?$/) },
  [dataTypes.time]: {
    wants: 'a time of the day, for example 10:00:00.5',
    read: fromText((text) => types.LocalTime.fromString(text), /^\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/),
  },
  [dataTypes.duration]: {
    wants: 'a duration, for example 1h30m or P1DT2H',
    read: fromText((text) => types.Duration.fromString(text), /^-?[0-9A-Za-zµ.:-]+$/),
  },
  [dataTypes.inet]: {
    wants: 'an IP address',
    read: fromText((text) => types.InetAddress.fromString(text), /^[0-9a-fA-F.:]+$/),
  },
  [dataTypes.blob]: {
    wants: 'bytes as base64',
    read: fromText(
      (text) => Buffer.from(text, 'base64'),
      /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    ),
  },
};
