/** One input of a contract as a field of an n8n form, and how its value gets back into the request. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { isMoney, isRecord, unwrapped, type JsonSchema } from './json-schema.ts';
import type { PickerChoice, Pickers } from './pickers.ts';
import type { Field, Shape } from '../run/route.ts';
import { description, singular, titleCase } from './labels.ts';

export interface FieldContext {
  pickers: Pickers;
  labels: Record<string, string>;
  /** Inputs of this operation that are not chosen from a list. */
  fresh: readonly string[];
  /** Objects of this operation that are one JSON field. */
  whole: readonly string[];
  /** Inside a fixed collection's row: no pickers, nothing nested deeper than texts and money. */
  inRow?: boolean;
}

export interface FormField {
  field: Field;
  /** Usually one; money is two, rows at the first level bring their JSON alternative. */
  properties: INodeProperties[];
  picker?: PickerChoice;
}

/** Reads one property of an input schema. `required` is what the contract says; null counts as given. */
export const formField = (name: string, declared: JsonSchema, required: boolean, context: FieldContext): FormField => {
  const { schema, nullable } = unwrapped(declared);
  const picker = context.inRow || context.fresh.includes(name) ? undefined : context.pickers[name];
  const label = context.labels[name] ?? picker?.title ?? titleCase(name);
  const made = shaped(name, label, { ...schema, ...pickedUp(declared) }, nullable, context, picker);
  return {
    field: { name, shape: made.shape, ...(required && nullable && { elseNull: true }) },
    properties: made.properties,
    ...(picker && schema.type === 'string' && { picker }),
  };
};

/** Keywords beside a union of a schema and null belong to the field too. */
const pickedUp = (declared: JsonSchema): JsonSchema => ({
  ...(declared.description !== undefined && { description: declared.description }),
  ...(declared.default !== undefined && declared.default !== null && { default: declared.default }),
});

interface Made {
  shape: Shape;
  properties: INodeProperties[];
}

const shaped = (
  name: string,
  label: string,
  schema: JsonSchema,
  nullable: boolean,
  context: FieldContext,
  picker: PickerChoice | undefined,
): Made => {
  const base = { displayName: label, name, ...described(description(schema.description)) };
  const empties = nullable ? ({ nullable: true } as const) : {};
  if (context.whole.includes(name)) return json(base, schema, empties);
  if (isMoney(schema)) return money(base);
  if (schema.type === 'array') return list(base, schema, context);
  if (isRecord(schema)) return record(base, schema, context, empties);
  if (schema.type === 'object')
    return context.inRow ? json(base, schema, empties) : object(base, schema, context, empties);
  if (schema.enum) return choice(base, schema, empties);
  if (schema.type === 'boolean') return { shape: { as: 'value' }, properties: [toggle(base, schema)] };
  if (schema.type === 'integer' || schema.type === 'number')
    return { shape: { as: 'value', ...empties }, properties: [number(base, schema, nullable)] };
  if (schema.type === 'string' && schema.format === 'date-time')
    return { shape: { as: 'moment', ...empties }, properties: [{ ...base, type: 'dateTime', default: '' }] };
  if (schema.type === 'string')
    return {
      shape: { as: 'value', ...empties },
      properties: [picker ? locator(base, schema, picker) : text(base, schema, nullable)],
    };
  return json(base, schema, empties);
};

type Base = Pick<INodeProperties, 'displayName' | 'name'> & { description?: string };

/** n8n's linter refuses empty descriptions. */
const described = (text: string): { description?: string } => (text === '' ? {} : { description: text });

const IN_MINOR_UNITS =
  'Whole number in minor units: 1999 is 19.99 EUR, 500 is 500 JPY. Takes a whole amount of an event too';

/** The amount and its currency side by side. */
const money = (base: Base): Made => {
  const currency = `${base.name}Currency`;
  const about = base.description ? `${base.description}. ${IN_MINOR_UNITS}.` : `${IN_MINOR_UNITS}.`;
  return {
    shape: { as: 'money', currency },
    properties: [
      {
        ...base,
        displayName: `${base.displayName} in Minor Units`,
        description: about,
        type: 'number',
        typeOptions: { numberPrecision: 0 },
        default: 0,
      },
      {
        displayName: base.name === 'amount' ? 'Currency' : `${base.displayName} Currency`,
        name: currency,
        type: 'string',
        default: '',
        placeholder: 'EUR',
        description: 'Three capital letters (ISO 4217)',
      },
    ],
  };
};

const list = (base: Base, schema: JsonSchema, context: FieldContext): Made => {
  const items = schema.items ? unwrapped(schema.items).schema : {};
  const one = titleCase(singular(base.name));
  if (items.type === 'object' && items.properties && !context.inRow) return rows(base, items, one, context);
  if (items.type !== 'string') return json(base, { ...schema, default: schema.default ?? [] }, {});
  return {
    shape: { as: 'texts' },
    properties: [
      {
        ...base,
        type: 'string',
        typeOptions: { multipleValues: true, multipleValueButtonText: `Add ${one}` },
        default: [],
      },
    ],
  };
};

const rowFields = (schema: JsonSchema, context: FieldContext): FormField[] =>
  Object.entries(schema.properties ?? {}).map(([name, declared]) =>
    formField(name, declared, schema.required?.includes(name) ?? false, { ...context, inRow: true }),
  );

const sorted = (properties: INodeProperties[]): INodeProperties[] =>
  properties.toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en'));

const rows = (base: Base, items: JsonSchema, one: string, context: FieldContext): Made => {
  const inside = rowFields(items, context);
  const row = singular(base.name);
  return {
    shape: { as: 'rows', row, json: `${base.name}Json`, fields: inside.map(({ field }) => field) },
    properties: [
      {
        ...base,
        type: 'fixedCollection',
        typeOptions: { multipleValues: true, sortable: true },
        placeholder: `Add ${one}`,
        default: {},
        options: [{ displayName: one, name: row, values: sorted(inside.flatMap(({ properties }) => properties)) }],
      },
      {
        ...base,
        displayName: `${base.displayName} (JSON)`,
        name: `${base.name}Json`,
        type: 'json',
        default: '[]',
        description: 'An array, for example the value of an expression',
        hint: `Each entry: ${inside.map(({ field }) => field.name).join(', ')}`,
      },
    ],
  };
};

const object = (base: Base, schema: JsonSchema, context: FieldContext, empties: { nullable?: true }): Made => {
  const inside = rowFields(schema, context);
  return {
    shape: { as: 'object', row: 'values', fields: inside.map(({ field }) => field), ...empties },
    properties: [
      {
        ...base,
        type: 'fixedCollection',
        placeholder: `Add ${base.displayName}`,
        default: {},
        options: [
          {
            displayName: base.displayName,
            name: 'values',
            values: sorted(inside.flatMap(({ properties }) => properties)),
          },
        ],
      },
    ],
  };
};

/** Texts by language, or any other names with texts. Anything else is JSON. */
const record = (base: Base, schema: JsonSchema, context: FieldContext, empties: { nullable?: true }): Made => {
  const values = typeof schema.additionalProperties === 'object' ? unwrapped(schema.additionalProperties).schema : {};
  if (values.type !== 'string' || context.inRow) return json(base, schema, empties);
  const translated = /^language/i.test(schema.propertyNames?.description ?? '') && (values.maxLength ?? 0) > 80;
  const key = translated ? 'Language' : 'Name';
  const value = translated ? 'Text' : 'Value';
  return {
    shape: { as: 'record', row: 'entry', ...empties },
    properties: [
      {
        ...base,
        type: 'fixedCollection',
        typeOptions: { multipleValues: true },
        placeholder: translated ? 'Add Language' : 'Add Entry',
        default: {},
        options: [
          {
            displayName: translated ? 'Text' : 'Entry',
            name: 'entry',
            values: [
              { displayName: key, name: 'key', type: 'string', default: '', placeholder: translated ? 'en' : '' },
              { displayName: value, name: 'value', type: 'string', default: '' },
            ],
          },
        ],
      },
    ],
  };
};

const json = (base: Base, schema: JsonSchema, empties: { nullable?: true }): Made => ({
  shape: { as: 'json', ...empties },
  properties: [
    { ...base, type: 'json', default: JSON.stringify(schema.default ?? (schema.type === 'array' ? [] : {})) },
  ],
});

const choice = (base: Base, schema: JsonSchema, empties: { nullable?: true }): Made => {
  const options = (schema.enum ?? [])
    .map((value) => ({ name: titleCase(String(value)), value: String(value) }))
    .toSorted((left, right) => left.name.localeCompare(right.name, 'en'));
  const first = options[0]?.value ?? '';
  return {
    shape: { as: 'value', ...empties },
    properties: [
      { ...base, type: 'options', options, default: typeof schema.default === 'string' ? schema.default : first },
    ],
  };
};

/** A switch says what being on means: the contract has to, because nobody else knows. */
const toggle = (base: Base, schema: JsonSchema): INodeProperties => {
  if (!base.description?.startsWith('Whether'))
    throw new Error(
      `The contract's description of ${base.name} must start with "Whether": n8n shows it beside a switch.`,
    );
  return { ...base, type: 'boolean', default: schema.default === true };
};

const number = (base: Base, schema: JsonSchema, nullable: boolean): INodeProperties => {
  const bounded = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return {
    ...base,
    ...(nullable && { description: clearable(base.description, 'The expression {{ null }} clears it') }),
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

const clearable = (text: string | undefined, how: string): string =>
  text ? `${text.replace(/\.$/, '')}. ${how}.` : how;

const LONG = 500;
const text = (base: Base, schema: JsonSchema, nullable: boolean): INodeProperties => ({
  ...base,
  ...(nullable && { description: clearable(base.description, 'Empty clears it') }),
  type: 'string',
  ...((schema.maxLength ?? 0) >= LONG && { typeOptions: { rows: 3 } }),
  default: typeof schema.default === 'string' ? schema.default : '',
  ...(/email/i.test(base.name) && { placeholder: 'name@email.com' }),
  ...(idPrefix(schema) && { placeholder: `${idPrefix(schema)}_…` }),
});

const locator = (base: Base, schema: JsonSchema, picker: PickerChoice): INodeProperties => {
  const named = picker.picker.value === 'id' ? 'ID' : titleCase(picker.picker.value);
  const prefix = idPrefix(schema);
  return {
    ...base,
    type: 'resourceLocator',
    default: { mode: 'list', value: '' },
    modes: [
      {
        displayName: 'From List',
        name: 'list',
        type: 'list',
        typeOptions: { searchListMethod: picker.method, searchable: true },
      },
      {
        displayName: named === 'ID' ? 'By ID' : `By ${named}`,
        name: 'id',
        type: 'string',
        ...(prefix && { placeholder: `${prefix}_…` }),
      },
    ],
  };
};

const idPrefix = (schema: JsonSchema): string | undefined => /^\^([a-z]+)_\[0-9a-f\]/.exec(schema.pattern ?? '')?.[1];
