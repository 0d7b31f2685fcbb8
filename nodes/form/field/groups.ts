/** Fields that hold several values: rows, objects, names with texts. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { isMoney, unwrapped, type JsonSchema } from '../json-schema.ts';
import { singular, titleCase } from '../labels.ts';
import type { Base, Empties, FormField, Made } from './made.ts';
import type { PickerChoice } from '../pickers.ts';
import { json, locator } from './simple.ts';

export const texts = (base: Base): Made => ({
  shape: { as: 'texts' },
  properties: [
    {
      ...base,
      type: 'string',
      typeOptions: { multipleValues: true, multipleValueButtonText: `Add ${titleCase(singular(base.name))}` },
      default: [],
    },
  ],
});

/** Several entries of a list that the platform searches, or an array beside it. */
export const chosenTexts = (base: Base, items: JsonSchema, picker: PickerChoice): Made => {
  const row = singular(base.name);
  const one = titleCase(row);
  const json = `${base.name}Json`;
  const about = `One ${one} of the list`;
  return {
    shape: { as: 'texts', row, json },
    pickers: [picker],
    properties: [
      {
        ...base,
        type: 'fixedCollection',
        typeOptions: { multipleValues: true },
        placeholder: `Add ${one}`,
        default: {},
        options: [
          {
            displayName: one,
            name: row,
            values: [locator({ displayName: one, name: 'value', description: about }, items, picker)],
          },
        ],
      },
      {
        ...base,
        displayName: `${base.displayName} (JSON)`,
        name: json,
        type: 'json',
        default: '[]',
        description: 'An array, for example from an expression over the lines of an event',
      },
    ],
  };
};

const sorted = (fields: FormField[]): INodeProperties[] =>
  fields
    .flatMap(({ properties }) => properties)
    .toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en'));

const pickersOf = (fields: FormField[]) => fields.flatMap(({ pickers }) => pickers);

/** Several objects: rows of fields, and a JSON field beside them. */
export const rows = (base: Base, items: JsonSchema, inside: FormField[]): Made => {
  const one = titleCase(singular(base.name));
  const row = singular(base.name);
  const amounts = Object.entries(items.properties ?? {}).filter(([, schema]) => isMoney(unwrapped(schema).schema));
  return {
    shape: { as: 'rows', row, json: `${base.name}Json`, fields: inside.map(({ field }) => field) },
    pickers: pickersOf(inside),
    properties: [
      {
        ...base,
        type: 'fixedCollection',
        typeOptions: { multipleValues: true, sortable: true },
        placeholder: `Add ${one}`,
        default: {},
        options: [{ displayName: one, name: row, values: sorted(inside) }],
      },
      {
        ...base,
        displayName: `${base.displayName} (JSON)`,
        name: `${base.name}Json`,
        type: 'json',
        default: '[]',
        description: `An array, for example the value of an expression${amounts.length > 0 ? '. Amounts are {"amount": 1999, "currency": "EUR"}, in minor units.' : ''}`,
        hint: `Each entry: ${inside.map(({ field }) => field.name).join(', ')}`,
      },
    ],
  };
};

/** One object in a group of its own. */
export const object = (base: Base, inside: FormField[], empties: Empties): Made => ({
  shape: { as: 'object', row: 'values', fields: inside.map(({ field }) => field), ...empties },
  pickers: pickersOf(inside),
  properties: [
    {
      ...base,
      type: 'fixedCollection',
      placeholder: `Add ${base.displayName}`,
      default: {},
      options: [{ displayName: base.displayName, name: 'values', values: sorted(inside) }],
    },
  ],
});

/** Texts by language, or any other names with texts. Anything else is JSON. */
export const record = (base: Base, schema: JsonSchema, inRow: boolean, empties: Empties): Made => {
  const values = typeof schema.additionalProperties === 'object' ? unwrapped(schema.additionalProperties).schema : {};
  if (values.type !== 'string' || inRow) return json(base, schema, empties);
  const translated = /^language/i.test(schema.propertyNames?.description ?? '') && (values.maxLength ?? 0) > 80;
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
          { displayName: translated ? 'Text' : 'Entry', name: 'entry', values: translated ? TRANSLATION : ENTRY },
        ],
      },
    ],
  };
};

const TRANSLATION: INodeProperties[] = [
  {
    displayName: 'Language',
    name: 'key',
    type: 'string',
    default: '',
    placeholder: 'en',
    description: 'Language tag, for example en or de-AT',
  },
  { displayName: 'Text', name: 'value', type: 'string', default: '', description: 'The text in this language' },
];

const ENTRY: INodeProperties[] = [
  { displayName: 'Name', name: 'key', type: 'string', default: '', description: 'Name of the entry' },
  { displayName: 'Value', name: 'value', type: 'string', default: '', description: 'Text of the entry' },
];
