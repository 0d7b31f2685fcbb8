import { types } from 'cassandra-driver';
import { StoreError } from '../datastore/error.ts';
import { SCALARS } from './scalars.ts';

/** A type as the driver has it: a code, and what lies inside a collection, a tuple or a user-defined type. */
export interface CqlType {
  code: number;
  info?: unknown;
}

export interface Place {
  /** The IANA zone that times without one are meant in. */
  zone: string;
  /** For words: the column, or where inside it. */
  what: string;
}

const { dataTypes } = types;

/**
 * A value of an item as the driver wants it for a column: JSON becomes the column's type, or is refused. Throws
 * StoreError (INVALID_VALUE) with the column, its type and the value.
 */
export const toCql = (type: CqlType, value: unknown, place: Place): unknown => {
  if (value === null || value === undefined) return null;
  const scalar = SCALARS[type.code];
  if (scalar) {
    const made = scalar.read(value, place.zone);
    if (made === undefined) throw invalid(value, place, scalar.wants);
    return made;
  }
  const nested = NESTED[type.code];
  // A type that this driver has no name for goes as it is, and the driver says what it thinks of it.
  return nested ? nested(type.info, value, place) : value;
};

/** The error for a value that its column cannot hold. */
const invalid = (value: unknown, { what }: Place, wants: string): StoreError =>
  new StoreError(
    'INVALID_VALUE',
    `"${what}" takes ${wants}; it got ${shown(value)}.`,
    'Correct the value or the expression that makes it, and run it again.',
  );

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

/** Collections come as JSON values, or as text that holds them. */
const parsed = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const within = (place: Place, key: string | number): Place => ({
  ...place,
  what: typeof key === 'number' ? `${place.what}[${key}]` : `${place.what}.${key}`,
});

/** Parts of a collection may not be missing. */
const part = (type: CqlType, value: unknown, place: Place): unknown => {
  if (value === null || value === undefined)
    throw invalid(value ?? null, place, 'a value: a collection holds no empty ones');
  return toCql(type, value, place);
};

const listOf = (info: unknown, value: unknown, place: Place): unknown[] => {
  const given = parsed(value);
  if (!Array.isArray(given)) throw invalid(value, place, 'a list, for example ["a", "b"]');
  return given.map((one, index) => part(info as CqlType, one, within(place, index)));
};

const mapOf = (info: unknown, value: unknown, place: Place): Map<unknown, unknown> => {
  const given = parsed(value);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(value, place, 'an object of keys and values, for example {"a": 1}');
  const [keys, values] = info as [CqlType, CqlType];
  return new Map(
    Object.entries(given).map(([key, one]) => [
      toCql(keys, key, { ...place, what: `a key of ${place.what}` }),
      part(values, one, within(place, key)),
    ]),
  );
};

const tupleOf = (info: unknown, value: unknown, place: Place): unknown => {
  const given = parsed(value);
  const parts = info as CqlType[];
  if (!Array.isArray(given) || given.length !== parts.length)
    throw invalid(value, place, `a list of exactly ${parts.length} values`);
  return types.Tuple.fromArray(parts.map((type, index) => toCql(type, given[index], within(place, index))));
};

interface UdtInfo {
  name: string;
  fields: { name: string; type: CqlType }[];
}

const udtOf = (info: unknown, value: unknown, place: Place): Record<string, unknown> => {
  const given = parsed(value);
  const { name, fields } = info as UdtInfo;
  const known = fields.map((field) => field.name);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(value, place, `an object of the type ${name} with ${known.join(', ')}`);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalid({ [unknown]: '…' }, place, `an object of the type ${name}, which has only ${known.join(', ')}`);
  const held = given as Record<string, unknown>;
  return Object.fromEntries(
    fields.map((field) => [field.name, toCql(field.type, held[field.name], within(place, field.name))]),
  );
};

/** Types that the protocol has no number for: the server names their class. */
const customOf = (info: unknown, value: unknown, place: Place): unknown => {
  const name = typeof info === 'string' ? info : '';
  if (name.endsWith('.DurationType')) return toCql({ code: dataTypes.duration }, value, place);
  const [, inside, length] = /\.VectorType\((?:.*\.)?(\w+)\s*,\s*(\d+)\)$/.exec(name) ?? [];
  const code = ELEMENTS[inside ?? ''];
  // A type without a name here goes unchanged, and the driver checks it.
  if (code === undefined) return value;
  return vectorOf({ type: { code }, length: Number(length) }, value, place);
};

/** The type of a vector's elements. */
const ELEMENTS: Record<string, number> = {
  FloatType: dataTypes.float,
  DoubleType: dataTypes.double,
  Int32Type: dataTypes.int,
  LongType: dataTypes.bigint,
  ShortType: dataTypes.smallint,
  UTF8Type: dataTypes.text,
};

const vectorOf = ({ type, length }: { type: CqlType; length: number }, value: unknown, place: Place): unknown => {
  const given = parsed(value);
  if (!Array.isArray(given) || given.length !== length)
    throw invalid(value, place, `a list of exactly ${length} values`);
  return new types.Vector(given.map((one, index) => part(type, one, within(place, index))));
};

const NESTED: Record<number, (info: unknown, value: unknown, place: Place) => unknown> = {
  [dataTypes.list]: listOf,
  [dataTypes.set]: listOf,
  [dataTypes.map]: mapOf,
  [dataTypes.tuple]: tupleOf,
  [dataTypes.udt]: udtOf,
  [dataTypes.custom]: customOf,
};
