/** From the form's values to the operation's input. Pure: what cannot be read is a `FormProblem` that names the field. */
import { utcMoment } from './moment.ts';
import type { Field, Route, Shape } from './route.ts';

export interface FormValues {
  /** The value of a parameter, expressions resolved; undefined when the form does not show it. */
  parameter: (name: string) => unknown;
  /** The workflow's time zone (IANA). */
  zone: string;
}

export interface FormProblem {
  kind: 'form-problem';
  field: string;
  message: string;
}

type Values = Record<string, unknown>;
const nothing = Symbol('nothing');
type Read = unknown;

/** The operation's input, or the first field that cannot be read. */
export const readInput = (route: Route, { parameter, zone }: FormValues): Values | FormProblem => {
  const collected = asObject(route.collection ? parameter(route.collection.name) : {});
  const optional = route.collection?.fields ?? [];
  const groups: [Field[], (name: string) => unknown][] = [
    [route.fields, firstLevel(parameter)],
    [optional, (name) => collected[name]],
  ];
  const input: Values = {};
  // A command may be given an empty list on purpose.
  const unfiltered = route.command
    ? undefined
    : emptyFilter(optional, collected, false, (_name, given) => isBlank(given));
  if (unfiltered) return unfiltered;
  for (const [fields, value] of groups) {
    const problem = readFields(fields, value, zone, input);
    if (problem) return problem;
  }
  return emptyFilter(optional, collected, route.command, (name) => !(name in input)) ?? input;
};

/** The first field that was added to narrow the operation down and holds nothing: left out, it would return or change more than was meant. */
const emptyFilter = (
  fields: Field[],
  collected: Values,
  command: boolean,
  holdsNothing: (name: string, given: unknown) => boolean,
): FormProblem | undefined => {
  for (const { name, shape, narrows } of fields) {
    const key = [name, ...(shape.as === 'rows' && shape.json ? [shape.json] : [])].find((one) => one in collected);
    if (narrows === undefined || key === undefined) continue;
    const given = unlocated(collected[key]);
    if (!holdsNothing(name, given)) continue;
    const without = command ? 'change more than you mean' : 'return what you did not ask for';
    return formProblem(
      name,
      `“${narrows}” was added and is empty: its value or expression gave ${JSON.stringify(given) ?? 'undefined'}. Without it the node would ${without}. Give it a value, remove the field, or keep such items away with an If node.`,
    );
  }
  return undefined;
};

/** At the first level rows come from the fields or from JSON, as the analyst chose; the other is not looked at. */
const firstLevel =
  (parameter: FormValues['parameter']) =>
  (name: string): unknown => {
    const rows = /^(.+)Json$/.exec(name)?.[1];
    if (rows !== undefined) return parameter(`${rows}Input`) === 'json' ? parameter(name) : undefined;
    return parameter(`${name}Input`) === 'json' ? undefined : parameter(name);
  };

const readFields = (
  fields: Field[],
  value: (name: string) => unknown,
  zone: string,
  into: Values,
): FormProblem | undefined => {
  for (const field of fields) {
    const read = readField(field, value, zone);
    if (isFormProblem(read)) return read;
    if (read !== nothing) into[field.name] = read;
    else if (field.elseNull) into[field.name] = null;
  }
  return undefined;
};

const readField = ({ name, shape }: Field, value: (name: string) => unknown, zone: string): Read => {
  const given = unlocated(value(name));
  switch (shape.as) {
    case 'money':
      return readMoney(name, given, shape, value);
    case 'rows': {
      const json = shape.json === undefined ? undefined : value(shape.json);
      return isEmpty(json) ? readRows(name, given, shape, zone) : knownFields(readJson(name, json), shape.fields);
    }
    case 'object': {
      if (given === null && shape.nullable) return null;
      const inside = asObject(given)[shape.row];
      if (inside === undefined) return nothing;
      const object: Values = {};
      return readFields(shape.fields, (key) => asObject(inside)[key], zone, object) ?? object;
    }
    case 'record':
      return given === null ? (shape.nullable ? null : nothing) : readRecord(given, shape.row);
    default:
      return readSimple(name, given, shape, zone);
  }
};

const readSimple = (
  name: string,
  given: unknown,
  shape: Extract<Shape, { as: 'value' | 'moment' | 'json' | 'texts' }>,
  zone: string,
): Read => {
  if (shape.as === 'texts') return readTexts(given);
  if (given === undefined) return nothing;
  if (given === null || given === '') return shape.nullable ? null : nothing;
  if (shape.as === 'json') return readJson(name, given);
  if (shape.as === 'value') return given;
  return (
    utcMoment(given, zone) ??
    formProblem(name, `${shown(given)} is not a time. Pick one, or give one like 2026-11-23T10:00:00Z.`)
  );
};

/** A row that names nothing (the editor leaves empty rows behind) is not sent. */
const readRows = (name: string, given: unknown, shape: Extract<Shape, { as: 'rows' }>, zone: string): Read => {
  // An expression on the field itself gives the array whole.
  if (Array.isArray(given)) return knownFields(given, shape.fields);
  const rows = asObject(given)[shape.row];
  if (rows === undefined) return nothing;
  if (!Array.isArray(rows)) return formProblem(name, `${shown(rows)} is no list of rows.`);
  const read: Values[] = [];
  for (const row of rows as unknown[]) {
    const object: Values = {};
    const problem = readFields(shape.fields, (key) => asObject(row)[key], zone, object);
    if (problem) return { ...problem, field: `${name}.${problem.field}` };
    if (Object.keys(object).length > 0) read.push(object);
  }
  return read;
};

/** Rows as an event or another node has them: the fields that the operation does not know are left out, since the API would refuse them. */
const knownFields = (rows: Read, fields: readonly Field[]): Read => {
  if (!Array.isArray(rows)) return rows;
  const names = new Set(fields.map(({ name }) => name));
  return (rows as unknown[]).map((row) =>
    typeof row === 'object' && row !== null && !Array.isArray(row)
      ? Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name)))
      : row,
  );
};

const readRecord = (given: unknown, row: string): Read => {
  const entries = asObject(given)[row];
  if (!Array.isArray(entries)) return given !== undefined && Object.keys(asObject(given)).length > 0 ? given : nothing;
  const pairs = entries.map(asObject).filter(({ key }) => typeof key === 'string' && key !== '');
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), value]));
};

const readTexts = (given: unknown): Read => {
  if (given === undefined || given === null || given === '') return nothing;
  const texts = Array.isArray(given) ? (given as unknown[]) : [given];
  return texts.filter((text) => text !== '');
};

/** Two fields, or one whole amount that an expression gave; inside a collection both lie in a group of their own. */
const readMoney = (
  name: string,
  given: unknown,
  shape: Extract<Shape, { as: 'money' }>,
  value: (name: string) => unknown,
): Read => {
  const whole = asObject(given);
  const group = asObject(whole['money']);
  if ('money' in whole) return readMoney(name, group[name], shape, (key) => group[key]);
  if ('amount' in whole && 'currency' in whole) return { amount: whole['amount'], currency: whole['currency'] };
  const currency = value(shape.currency);
  if (isEmpty(given) || (isEmpty(currency) && given === 0)) return nothing;
  const amount = typeof given === 'string' ? Number(given) : given;
  return { amount, currency: typeof currency === 'string' ? currency.trim().toUpperCase() : currency };
};

const readJson = (name: string, given: unknown): Read => {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch (error) {
    return formProblem(name, `The JSON cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
};

/** A resource locator's value. */
const unlocated = (given: unknown): unknown => {
  const object = asObject(given);
  return '__rl' in object ? object['value'] : given;
};

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';
const isBlank = (value: unknown): boolean => {
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isBlank);
  return isEmpty(value) || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
};
const asObject = (value: unknown): Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? String(value);
const formProblem = (field: string, message: string): FormProblem => ({ kind: 'form-problem', field, message });

export const isFormProblem = (value: unknown): value is FormProblem =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'form-problem';
