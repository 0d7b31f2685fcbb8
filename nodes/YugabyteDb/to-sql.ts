/** How values of an item reach the database: always bound, never text of the statement. */
import { StoreError } from '../datastore/error.ts';
import type { Column } from './table.ts';

/** A value for a column, by the column's type. Throws StoreError, naming value and column, where it cannot be one. */
export const toSql = (column: Pick<Column, 'name' | 'base'>, value: unknown): unknown => {
  const given = plain(value, `the column "${column.name}"`, isFloat(column.base));
  if (given === null) return null;
  return column.base.startsWith('_') ? listOf(column, given) : scalar(column.base, given, column.name);
};

/**
 * A parameter of a statement of the analyst's own, whose type only the database knows: lists become arrays, objects
 * JSON.
 */
export const toParameter = (value: unknown, position: number): unknown => plain(value, `$${position}`);

/** Moments as ISO 8601, nothing as null; a number that has lost digits before it came here is refused. */
const plain = (value: unknown, where: string, float = false): unknown => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && !float && !isExact(value)) {
    throw new StoreError(
      'INVALID_VALUE',
      `The number ${value} for ${where} is larger than n8n's numbers hold exactly, so that its last digits may be wrong.`,
      'Hand it on as text, for example from the source node or with quotes around it.',
    );
  }
  return isoOf(value) ?? value;
};

const isFloat = (base: string): boolean => /^_?float[48]$/.test(base);

const isExact = (value: number): boolean => !Number.isInteger(value) || Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** n8n's expressions give moments as objects: of JavaScript, or of Luxon (`$now`). */
const isoOf = (value: unknown): string | undefined => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null || !('toISO' in value) || typeof value.toISO !== 'function')
    return undefined;
  return String((value.toISO as () => unknown).call(value));
};

const scalar = (base: string, value: unknown, column: string): unknown => {
  if (base === 'json' || base === 'jsonb') return jsonText(value);
  if (base === 'bytea') return bytes(value, column);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
};

/** Text that is JSON goes in as it is; other text becomes a JSON text. */
const jsonText = (value: unknown): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
};

/**
 * Base64, as n8n keeps files and as this node puts bytes out; PostgreSQL's own `\x…`; a Buffer that went through JSON.
 */
const bytes = (value: unknown, column: string): unknown => {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data))
    return Buffer.from(value.data as number[]);
  const text = String(value);
  if (text.startsWith('\\x')) return text;
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return Buffer.from(text, 'base64');
  throw new StoreError(
    'INVALID_VALUE',
    `The value "${text.slice(0, 60)}" for the column "${column}" is not Base64.`,
    'A bytea column takes Base64, or hexadecimal digits after \\x.',
  );
};

/** A list; or its text, as JSON or in PostgreSQL's own notation. */
const listOf = ({ name, base }: Pick<Column, 'name' | 'base'>, value: unknown): unknown => {
  const list = typeof value === 'string' && value.trim().startsWith('[') ? parsed(value) : value;
  if (!Array.isArray(list)) return value;
  const element = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(element);
    const given = plain(one, `the column "${name}"`, isFloat(base));
    return given === null ? null : scalar(base.slice(1), given, name);
  };
  return list.map(element);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
