/** The fields of events: which there are to choose from, and whether a condition names one that exists. */
import type { DataSchema } from '../run/data-schema.ts';
import { declaredEvent } from './event-types.ts';

/** Fields that every event has beside its data. */
const ENVELOPE: readonly (readonly [string, string])[] = [
  ['subject', 'ID of the thing that the event is about'],
  ['type', 'Text'],
  ['source', 'Text'],
  ['time', 'Moment'],
  ['id', 'Text'],
  ['sequence', 'Number'],
  ['correlationid', 'Text'],
  ['causationid', 'Text'],
];
const DEEPEST = 10;

export interface EventField {
  /** data.lines.*.sku */
  path: string;
  /** The kind of its values, for people. */
  kind: string;
}

/** The fields of these event types, those of their data first; custom types have the envelope alone. */
export const fieldsOf = (types: readonly string[]): EventField[] => {
  const known = new Map<string, string>();
  for (const type of types) collect(declaredEvent(type)?.schema ?? {}, 'data', 0, known);
  return [...known, ...ENVELOPE].map(([path, kind]) => ({ path, kind }));
};

const collect = (schema: DataSchema, path: string, depth: number, into: Map<string, string>): void => {
  for (const variant of variantsOf(schema)) {
    if (depth < DEEPEST)
      for (const [name, inner] of Object.entries(variant.properties ?? {}))
        collect(inner, `${path}.${name}`, depth + 1, into);
    if (depth < DEEPEST && variant.items) collect(variant.items, `${path}.*`, depth + 1, into);
    if (!variant.properties && !variant.items && path !== 'data')
      into.set(path, into.get(path) ?? kindOf(variant, path));
  }
};

/** A schema's alternatives, without null. */
const variantsOf = (schema: DataSchema): DataSchema[] => {
  const choices = schema.anyOf ?? schema.allOf;
  return choices ? choices.flatMap(variantsOf) : schema.type === 'null' ? [] : [schema];
};

const kindOf = ({ type, enum: values }: DataSchema, path: string): string => {
  if (values) return `One of ${values.map(String).join(', ')}`;
  if (type === 'integer' && path.endsWith('.amount')) return 'Number of minor units: 1999 is 19.99 EUR';
  if (type === 'integer' || type === 'number') return 'Number';
  return type === 'boolean' ? 'True or false' : 'Text';
};

/** True where a value of the schema may have something at the path. */
const mayHave = (schema: DataSchema, [step, ...rest]: string[]): boolean =>
  step === undefined ||
  variantsOf(schema).some(({ type, properties = {}, items, additionalProperties }) => {
    if (items) return (step === '*' || /^\d+$/.test(step)) && mayHave(items, rest);
    const own = Object.hasOwn(properties, step) ? properties[step] : undefined;
    if (own) return mayHave(own, rest);
    if (typeof additionalProperties === 'object') return mayHave(additionalProperties, rest);
    return type === undefined || (type === 'object' && Object.keys(properties).length === 0);
  });

/** Throws an Error in plain words for a condition on a field that no event of the chosen types has. */
export const requireFields = (conditions: readonly { field: string }[], types: readonly string[]): void => {
  const schemas = types.map((type) => declaredEvent(type)?.schema);
  for (const { field } of conditions) {
    const [root, ...path] = field.split('.');
    // Whoever publishes an event of a type of their own decides what is in it.
    if (root !== 'data' || schemas.some((schema) => schema === undefined || mayHave(schema, path))) continue;
    throw new Error(
      `No event of the chosen types has the field "${field}". ${nearFields(field, types)} Choose one from the list.`,
    );
  }
};

/** Fields of the same name elsewhere, else the first ones. */
const nearFields = (field: string, types: readonly string[]): string => {
  const paths = fieldsOf(types)
    .map(({ path }) => path)
    .filter((path) => path.startsWith('data.'));
  const last = field.split('.').at(-1);
  const same = paths.filter((path) => path.split('.').at(-1) === last);
  return `${same.length > 0 ? 'Did you mean' : 'There are'} ${(same.length > 0 ? same : paths).slice(0, 8).join(', ')}${same.length > 0 ? '?' : '.'}`;
};
