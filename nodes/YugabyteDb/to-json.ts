/** How values of the database come out as JSON: exact, and in forms that n8n's expressions read. */
import pg from 'pg';

export type LargeNumbers = 'text' | 'number';
type Read = (text: string) => unknown;

/** The client's own reader of a type, by its number; text for those that it does not know. */
const ownReader = (type: number): Read => (pg.types.getTypeParser as (type: number) => Read)(type);
const readTextArray = ownReader(1009);

/** The elements of an array in PostgreSQL's notation, nested as they are. */
export const readArray = (text: string, element: Read = (one) => one): unknown => {
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deep);
    return typeof value === 'string' ? element(value) : value;
  };
  return deep(readTextArray(text));
};

/** `2026-01-02 03:04:05.678901+02` → `2026-01-02T01:04:05.678901Z`; milliseconds where there is nothing finer. */
export const instant = (text: string): string => {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d)(?::(\d\d))?$/.exec(text);
  // "infinity", years before Christ and beyond 9999, offsets with seconds: as the database writes them.
  if (!parts) return text;
  const [, date, time, fraction = '', hours, minutes = '00'] = parts;
  const seconds = new Date(`${date}T${time}${hours}:${minutes}`).toISOString().slice(0, 19);
  return `${seconds}.${fraction.padEnd(3, '0')}Z`;
};

/** Without a zone, as it is kept: `2026-01-02T03:04:05`. */
const local: Read = (text) => text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
/** JSON has no number that is none. */
const float: Read = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
const base64: Read = (text) => Buffer.from(text.slice(2), 'hex').toString('base64');
const asItIs: Read = (text) => text;
const json: Read = (text) => JSON.parse(text) as unknown;

/** By the type's number and the number of its array (pg_type.dat of PostgreSQL). */
const READERS: [type: number, array: number, read: Read][] = [
  [17, 1001, base64], // bytea
  [114, 199, json],
  [700, 1021, float],
  [701, 1022, float],
  [1082, 1182, asItIs], // date
  [1114, 1115, local], // timestamp
  [1184, 1185, instant], // timestamp with time zone
  [1186, 1187, asItIs], // interval
  [3802, 3807, json], // jsonb
];
const LARGE: [type: number, array: number][] = [
  [20, 1016], // bigint
  [1700, 1231], // numeric
];

/** The client's own readers, except where JSON would lose something by them. */
export const typeParsers = (large: LargeNumbers): pg.CustomTypesConfig => {
  const readLarge: Read = large === 'number' ? float : asItIs;
  const readers = new Map<number, Read>(
    [...READERS, ...LARGE.map(([type, array]) => [type, array, readLarge] as const)].flatMap(([type, array, read]) => [
      [type, read],
      [array, (text: string) => readArray(text, read)],
    ]),
  );
  const find = (type: number): Read => readers.get(type) ?? ownReader(type);
  return { getTypeParser: find as typeof pg.types.getTypeParser };
};
