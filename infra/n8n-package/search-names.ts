import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** The derived part of a node that has names for people. */
export interface Searchable {
  form?: { properties: INodeProperties[] };
  eventTypeOptions?: INodePropertyOptions[];
}

const isChoice = (option: object): option is INodePropertyOptions => 'value' in option;

/** "Get customer" for each operation of a node, "Order confirmed" for each event of a trigger. */
export const searchNames = ({ form, eventTypeOptions = [] }: Searchable): string[] => [
  ...(form?.properties ?? [])
    .filter(({ name }) => name === 'operation')
    .flatMap(({ options = [] }) => options.filter(isChoice).flatMap(({ action }) => action ?? [])),
  ...eventTypeOptions.map(({ name }) => name.replace(' · ', ' ')),
];
