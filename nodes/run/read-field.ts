/**
 * From one field of the form to one property of the request. Pure: what cannot be read becomes a problem that names the
 * field as the editor shows it.
 */
import { asObject, isEmpty, parsedJson, part, row, shown, unlocated, type Given, type Values } from './given.ts';
import { utcMoment } from './moment.ts';
import { asLiquid, readMapped } from './read-words.ts';
import { readMinorUnits, readMoney, type MoneyReading, type ReadMoney } from './read-money.ts';
import type { Field, Shape } from './route.ts';

export interface FormProblem {
  /** As the API calls the place: lines.0.sku */
  path: string;
  /** As the editor shows it: Lines → 1 → SKU */
  label: string;
  message: string;
}

export interface Reading extends MoneyReading {
  /** The workflow's time zone (IANA). */
  zone: string;
  /** An input of the whole form, for an amount that is in its currency. */
  anywhere: (name: string) => unknown;
  /** The label of a currency that has to be given. */
  currencyLabel: string | undefined;
  problems: FormProblem[];
  /** An amount without a currency was met, and nobody knows the shop's own. */
  needsShopCurrency: boolean;
}

/** Where a field stands. */
export interface Place {
  path: string;
  label: string;
  value: (name: string) => Given;
}

export const nothing = Symbol('nothing');

/** Reads fields of one level into an object. */
export const readFields = (fields: readonly Field[], place: Place, reading: Reading, into: Values): void => {
  for (const field of fields) {
    const at = inside(place, field.name, field.label);
    const before = reading.problems.length;
    const read = readField(field, at, place, reading);
    if (read !== nothing) into[field.name] = read;
    else if (field.elseNull) into[field.name] = null;
    else if (field.required && reading.problems.length === before && !reading.needsShopCurrency)
      reading.problems.push({ ...at, message: EMPTY });
  }
};

const EMPTY = 'It is empty, and the operation needs it.';

type At = Pick<FormProblem, 'path' | 'label'>;

const inside = ({ path, label }: At, name: string, title: string): At => ({
  path: path === '' ? name : `${path}.${name}`,
  label: label === '' ? title : `${label} → ${title}`,
});

const fault = (reading: Reading, at: At, message: string): typeof nothing => {
  reading.problems.push({ ...at, message });
  return nothing;
};

const readField = ({ name, shape }: Field, at: At, place: Place, reading: Reading): unknown => {
  const given = place.value(name);
  const value = unlocated(given.value);
  switch (shape.as) {
    case 'money':
      return amount(readMoney(name, given, place.value(shape.currency), reading), at, reading);
    case 'minor': {
      if (value === null) return shape.nullable ? null : nothing;
      const code = place.value(shape.currency).value ?? reading.anywhere(shape.currency);
      return amount(readMinorUnits(given, code, reading, reading.currencyLabel), at, reading);
    }
    case 'rows': {
      const json = shape.json === undefined ? undefined : place.value(shape.json).value;
      return isEmpty(json)
        ? readRows(given, shape, at, reading)
        : knownFields(readJson(json, at, reading), shape.fields);
    }
    case 'mapped': {
      const json = place.value(shape.json).value;
      const read = (one: unknown): unknown => readJson(one, at, reading);
      const mapped = isEmpty(json) ? readMapped(value, read) : read(json);
      return mapped === undefined ? nothing : mapped;
    }
    case 'texts': {
      const json = shape.json === undefined ? undefined : place.value(shape.json).value;
      return isEmpty(json) ? readTexts(chosen(value, shape.row)) : readJson(json, at, reading);
    }
    case 'liquid':
      return isEmpty(value) ? nothing : asLiquid(given);
    case 'object': {
      if (given.value === null) return shape.nullable ? null : nothing;
      const group = part(given, shape.row);
      if (group.value === undefined) return nothing;
      return readObject(shape.fields, group, at, reading);
    }
    case 'record':
      return given.value === null ? (shape.nullable ? null : nothing) : readRecord(given.value, shape.row);
    default:
      return readSimple(value, shape, at, reading);
  }
};

const amount = (read: ReadMoney | { minor: unknown }, at: At, reading: Reading): unknown => {
  if (read === 'left out') return nothing;
  if (read === 'needs the shop’s currency') {
    reading.needsShopCurrency = true;
    return nothing;
  }
  if ('fault' in read) return fault(reading, at, read.fault);
  return 'money' in read ? read.money : read.minor;
};

const readObject = (fields: readonly Field[], group: Given, at: At, reading: Reading): Values => {
  const object: Values = {};
  readFields(fields, { ...at, value: (name) => part(group, name) }, reading, object);
  return object;
};

const readSimple = (
  given: unknown,
  shape: Extract<Shape, { as: 'value' | 'moment' | 'json' }>,
  at: At,
  reading: Reading,
): unknown => {
  if (given === undefined) return nothing;
  if (given === null || given === '') return shape.nullable ? null : nothing;
  if (shape.as === 'json') return readJson(given, at, reading);
  if (shape.as === 'value') return given;
  return (
    utcMoment(given, reading.zone) ??
    fault(reading, at, `${shown(given)} is not a time. Pick one, or give one like 2026-11-23T10:00:00Z.`)
  );
};

/** A row that names nothing (the editor leaves empty rows behind) is not sent. */
const readRows = (given: Given, shape: Extract<Shape, { as: 'rows' }>, at: At, reading: Reading): unknown => {
  // An expression on the field itself gives the array whole.
  if (Array.isArray(given.value)) return knownFields(given.value, shape.fields);
  const rows = part(given, shape.row);
  if (rows.value === undefined) return nothing;
  if (!Array.isArray(rows.value)) return fault(reading, at, `${shown(rows.value)} is no list of rows.`);
  const read: Values[] = [];
  for (const index of rows.value.keys()) {
    const aside: Reading = { ...reading, problems: [], needsShopCurrency: false };
    const object = readObject(shape.fields, row(rows, index), inside(at, String(index), String(index + 1)), aside);
    reading.needsShopCurrency ||= aside.needsShopCurrency;
    const isLeftBehind = Object.keys(object).length === 0 && aside.problems.every(({ message }) => message === EMPTY);
    if (isLeftBehind && !aside.needsShopCurrency) continue;
    reading.problems.push(...aside.problems);
    read.push(object);
  }
  return read;
};

/**
 * Rows as an event or another node has them: the fields that the operation does not know are left out, since the API
 * would refuse them.
 */
const knownFields = (rows: unknown, fields: readonly Field[]): unknown => {
  if (!Array.isArray(rows)) return rows;
  const names = new Set(fields.map(({ name }) => name));
  return (rows as unknown[]).map((one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).filter(([name]) => names.has(name)))
      : one,
  );
};

const readRecord = (given: unknown, entries: string): unknown => {
  const pairs = asObject(given)[entries];
  if (!Array.isArray(pairs)) return given !== undefined && Object.keys(asObject(given)).length > 0 ? given : nothing;
  const named = pairs.map(asObject).filter(({ key }) => typeof key === 'string' && key !== '');
  return Object.fromEntries(named.map(({ key, value }) => [String(key), value]));
};

/** The rows of a fixed collection as their values; an expression or version 1 of the node gave them as they are. */
const chosen = (given: unknown, row: string | undefined): unknown => {
  const rows = row === undefined ? undefined : asObject(given)[row];
  const texts = Array.isArray(rows) ? rows.map((one) => unlocated(asObject(one)['value'])) : [];
  const named = texts.filter((text) => !isEmpty(text));
  if (named.length > 0) return named;
  return typeof given === 'object' && !Array.isArray(given) ? undefined : given;
};

const readTexts = (given: unknown): unknown => {
  if (isEmpty(given)) return nothing;
  const texts = Array.isArray(given) ? (given as unknown[]) : [given];
  return texts.filter((text) => text !== '');
};

const readJson = (given: unknown, at: At, reading: Reading): unknown => {
  const read = parsedJson(given);
  return 'json' in read ? read.json : fault(reading, at, read.fault);
};
