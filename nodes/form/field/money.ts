/**
 * Amounts of money in a form: in major units with a list of currencies, or as version 1 of the nodes has them. Build
 * time only.
 */
import type { INodeProperties } from 'n8n-workflow';
import type { JsonSchema } from '../json-schema.ts';
import { description } from '../labels.ts';
import { currencies } from '../pickers.ts';
import { followedBy, type Base, type Edition, type Empties, type Made } from './made.ts';
import { locator } from './simple.ts';

const IN_MAJOR_UNITS =
  'As people write it: 19.99 is 19.99 EUR. Takes the whole amount of an event or of another node too, currency included.';
const IN_MINOR_UNITS =
  'Whole number in minor units: 1999 is 19.99 EUR, 500 is 500 JPY. Takes a whole amount of an event too';

/** The amount and its currency side by side. */
export const money = (base: Base, edition: Edition): Made => {
  const currency = `${base.name}Currency`;
  const title = base.name === 'amount' ? 'Currency' : `${base.displayName} Currency`;
  if (edition === 1) return { shape: { as: 'money', currency }, properties: inMinorUnits(base, currency, title) };
  return {
    shape: { as: 'money', currency },
    properties: [
      { ...base, description: description(followedBy(base.description, IN_MAJOR_UNITS)), type: 'number', default: 0 },
      locator(
        {
          displayName: title,
          name: currency,
          description: 'Empty: the shop’s own currency, or the one that a whole amount brings with it',
        },
        {},
        currencies,
      ),
    ],
    pickers: [currencies],
  };
};

const inMinorUnits = (base: Base, currency: string, title: string): INodeProperties[] => [
  {
    ...base,
    displayName: `${base.displayName} in Minor Units`,
    description: description(followedBy(base.description, IN_MINOR_UNITS)),
    type: 'number',
    typeOptions: { numberPrecision: 0 },
    default: 0,
  },
  {
    displayName: title,
    name: currency,
    type: 'string',
    default: '',
    placeholder: 'EUR',
    description: 'Three capital letters (ISO 4217)',
  },
];

/** A whole number of minor units whose currency is an input beside it, in major units. */
export const minorUnits = (base: Base, schema: JsonSchema, currency: string, empties: Empties): Made => {
  const about = followedBy(base.description?.replace(IN_API, ''), 'As people write it: 19.99 is 19.99 EUR');
  return {
    shape: { as: 'minor', currency, ...empties },
    properties: [
      {
        ...base,
        description: empties.nullable ? followedBy(about, 'The expression {{ null }} clears it') : description(about),
        type: 'number',
        ...(schema.minimum !== undefined && schema.minimum >= 0 && { typeOptions: { minValue: 0 } }),
        default: 0,
      },
    ],
  };
};

/** How contracts end the description of such a number (`minorUnitsOf`). */
const IN_API = /; in minor units\.?$/i;
