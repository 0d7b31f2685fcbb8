/** Fields of one value: texts, numbers, switches, choices, JSON, entries of a list. Build time only. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { JsonSchema } from '../json-schema.ts';
import { description, titleCase } from '../labels.ts';
import type { PickerChoice } from '../pickers.ts';
import { described, followedBy, type Base, type Empties, type Made } from './made.ts';

export const json = (base: Base, schema: JsonSchema, empties: Empties): Made => ({
  shape: { as: 'json', ...empties },
  properties: [
    { ...base, type: 'json', default: JSON.stringify(schema.default ?? (schema.type === 'array' ? [] : {})) },
  ],
});

/** The entries of an enum, sorted, each with the sentence that the contract explains it with. */
const entries = (schema: JsonSchema): INodePropertyOptions[] =>
  (schema.enum ?? [])
    .map((value) => ({
      name: titleCase(String(value)),
      value: String(value),
      ...described(description(schema['x-enumDescriptions']?.[String(value)])),
    }))
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en'));

export const choice = (base: Base, schema: JsonSchema, empties: Empties): Made => {
  const options = entries(schema);
  return {
    shape: { as: 'value', ...empties },
    properties: [
      {
        ...base,
        type: 'options',
        options,
        default: typeof schema.default === 'string' ? schema.default : (options[0]?.value ?? ''),
      },
    ],
  };
};

/** Any of several entries of an enum. */
export const choices = (base: Base, schema: JsonSchema): Made => ({
  shape: { as: 'texts' },
  properties: [{ ...base, type: 'multiOptions', options: entries(schema), default: [] }],
});

/** A switch says what being on means: the contract has to, because nobody else knows. */
export const toggle = (base: Base, schema: JsonSchema): INodeProperties => {
  if (!base.description?.startsWith('Whether'))
    throw new Error(
      `The contract's description of ${base.name} must start with "Whether": n8n shows it beside a switch.`,
    );
  return { ...base, type: 'boolean', default: schema.default === true };
};

export const number = (base: Base, schema: JsonSchema, nullable: boolean): INodeProperties => {
  const bounded = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return {
    ...base,
    ...(nullable && { description: followedBy(base.description, 'The expression {{ null }} clears it') }),
    type: 'number',
    typeOptions: {
      ...(schema.type === 'integer' && { numberPrecision: 0 }),
      ...(bounded(schema.minimum) && { minValue: schema.minimum }),
      ...(bounded(schema.maximum) && { maxValue: schema.maximum }),
    },
    default:
      typeof schema.default === 'number'
        ? schema.default
        : Math.max(0, bounded(schema.minimum) ? (schema.minimum ?? 0) : 0),
  };
};

const LONG = 500;

export const text = (base: Base, schema: JsonSchema, nullable: boolean): INodeProperties => ({
  ...base,
  ...(nullable && { description: followedBy(base.description, 'Empty clears it') }),
  type: 'string',
  ...((schema.maxLength ?? 0) >= LONG && { typeOptions: { rows: 3 } }),
  // Who looks over an analyst's shoulder does not read it.
  ...(/token|secret|password/i.test(base.name) && { typeOptions: { password: true } }),
  default: typeof schema.default === 'string' ? schema.default : '',
  ...(/email/i.test(base.name) && { placeholder: 'name@email.com' }),
  ...(idPrefix(schema) && { placeholder: `${idPrefix(schema)}_…` }),
});

/** Written on the canvas with Liquid placeholders; dragging a field in makes it an expression of n8n. */
export const liquid = (base: Base, schema: JsonSchema): INodeProperties => ({
  ...base,
  description: followedBy(base.description, 'In an expression n8n fills the placeholders in instead'),
  type: 'string',
  ...((schema.maxLength ?? 0) >= LONG && { typeOptions: { rows: 6 } }),
  default: '',
});

/** One entry of a list that the platform searches, or its ID. */
export const locator = (base: Base, schema: JsonSchema, { method, picker }: PickerChoice): INodeProperties => {
  const named = 'currencies' in picker ? 'Code' : picker.value === 'id' ? 'ID' : titleCase(picker.value);
  const example = 'currencies' in picker ? 'EUR' : idPrefix(schema) && `${idPrefix(schema)}_…`;
  return {
    ...base,
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        typeOptions: { searchListMethod: method, searchable: true },
      },
      { displayName: `By ${named}`, name: 'id', type: 'string', ...(example && { placeholder: example }) },
    ],
  };
};

const idPrefix = (schema: JsonSchema): string | undefined => /^\^([a-z]+)_\[0-9a-f\]/.exec(schema.pattern ?? '')?.[1];
