import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

const isEntry = (option: Option): option is INodePropertyOptions => 'value' in option;
const isField = (option: Option): option is INodeProperties => 'type' in option;
const isGroup = (option: Option): option is INodePropertyCollection => 'values' in option;

/**
 * Fields without a tooltip and entries of lists without an explanation, by their path in the form: an analyst knows a
 * form by these alone. The text of a field is its description in the contract, that of an entry the sentence in
 * `choices` there.
 */
export const unexplained = (node: string, properties: readonly INodeProperties[]): string[] =>
  properties.flatMap((property) => ofField(`${node} ${property.name}`, property));

const ofField = (path: string, { type, description, options = [] }: INodeProperties): string[] => [
  ...(description || type === 'notice' || type === 'hidden' ? [] : [`${path} has no tooltip`]),
  ...options
    .filter(isEntry)
    .filter((entry) => !entry.description)
    .map(({ value }) => `${path}: the entry ${String(value)} has no explanation`),
  ...options.filter(isField).flatMap((field) => ofField(`${path}.${field.name}`, field)),
  ...options
    .filter(isGroup)
    .flatMap(({ values }) => values.flatMap((field) => ofField(`${path}.${field.name}`, field))),
];
