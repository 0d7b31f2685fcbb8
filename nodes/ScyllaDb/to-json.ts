import { types } from 'cassandra-driver';
import type { GenericValue, IDataObject } from 'n8n-workflow';

/** Whole numbers of 64 bits and more, and decimals: exactly as text, or as numbers that lose digits beyond 2^53. */
export type BigNumbers = 'text' | 'number';

/**
 * A row as an item holds it. Times are ISO 8601, bytes base64, sets and tuples lists, maps and user-defined types
 * objects.
 */
export const rowToJson = (row: types.Row, bigNumbers: BigNumbers): IDataObject =>
  Object.fromEntries(row.keys().map((name) => [name, toJson(row.get(name), bigNumbers)]));

/** A value of the driver as JSON. */
export const toJson = (value: unknown, bigNumbers: BigNumbers): Json => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  // JSON has no such numbers.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (isBigNumber(value)) return bigNumbers === 'text' ? value.toString() : Number(value.toString());
  const parts = partsOf(value);
  if (parts) return parts.map((one) => toJson(one, bigNumbers));
  if (value instanceof Map) return mapToJson(value, bigNumbers);
  if (isPlain(value)) return mapToJson(new Map(Object.entries(value)), bigNumbers);
  // UUIDs, dates, times, durations and addresses say themselves as text.
  return (value as { toString(): string }).toString();
};

type Json = GenericValue | IDataObject | GenericValue[];

const isBigNumber = (value: unknown): value is types.Long | types.Integer | types.BigDecimal =>
  value instanceof types.Long || value instanceof types.Integer || value instanceof types.BigDecimal;

/** The elements of a list, a set, a tuple or a vector, in order. */
const partsOf = (value: unknown): unknown[] | undefined => {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof types.Tuple) return value.values() as unknown[];
  return value instanceof types.Vector ? (value.elements as unknown[]) : undefined;
};

/** A user-defined type. */
const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const mapToJson = (map: Map<unknown, unknown>, bigNumbers: BigNumbers): IDataObject =>
  Object.fromEntries([...map].map(([key, one]) => [keyOf(toJson(key, 'text')), toJson(one, bigNumbers)]));

const keyOf = (key: unknown): string => (typeof key === 'string' ? key : JSON.stringify(key));
