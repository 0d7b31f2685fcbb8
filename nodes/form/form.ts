/** A face and its contract as the form of an n8n node and the routes behind it. Build time only. */
import type { INodeProperties } from 'n8n-workflow';
import { isQuery, pathOf, type Operation } from '../../microservices/chassis/contract/index.ts';
import { operationFace, type Face, type OperationFace } from './face.ts';
import { formField, type FormField } from './field.ts';
import { inputSchema, outputSchema, unwrapped, type JsonSchema } from './json-schema.ts';
import type { Pickers, Route, Routes } from '../run/route.ts';
import { isNarrowing, subjectOf } from './roles.ts';
import { streamProperties } from './stream.ts';
import { description, titleCase } from './labels.ts';

export interface Form {
  properties: INodeProperties[];
  routes: Routes;
  pickers: Pickers;
}

export interface PlacedOperation {
  resource: string;
  /** The value of the operation parameter. */
  value: string;
  face: OperationFace;
  declared: Operation;
}

/** Every operation of a face with its place on the canvas. Throws when the face names what the contract has not. */
export const placedOperations = ({ contract, resources }: Face): PlacedOperation[] =>
  Object.entries(resources).flatMap(([resource, { operations }]) =>
    Object.entries(operations).map(([value, given]) => {
      const operation = operationFace(given);
      const declared = contract.operations[operation.calls];
      if (!declared) throw new Error(`${contract.domain} declares no operation ${operation.calls}`);
      return { resource, value, face: operation, declared };
    }),
  );

/** Derives a node's form, its routes and the pickers it needs. */
export const formOf = (face: Face): Form => {
  const placed = placedOperations(face);
  const made = placed.map((operation) => operationForm(face, operation));
  return {
    properties: [
      resourceSelector(face),
      ...Object.keys(face.resources).map((resource) =>
        operationSelector(
          resource,
          placed.filter((one) => one.resource === resource),
        ),
      ),
      ...merged(made.flatMap(({ properties }) => properties)),
    ],
    routes: Object.fromEntries(made.map(({ key, route }) => [key, route])),
    pickers: Object.fromEntries(
      made.flatMap(({ fields }) => fields.flatMap(({ picker }) => (picker ? [[picker.method, picker.picker]] : []))),
    ),
  };
};

const byName = (left: { name: string }, right: { name: string }) => left.name.localeCompare(right.name, 'en');

const selector = (displayName: string, name: string): INodeProperties => ({
  displayName,
  name,
  type: 'options',
  noDataExpression: true,
  default: '',
});

const resourceSelector = (face: Face): INodeProperties => {
  const options = Object.entries(face.resources).map(([value, { name }]) => ({
    name: name ?? titleCase(value),
    value,
  }));
  return { ...selector('Resource', 'resource'), options: options.toSorted(byName), default: options[0]?.value ?? '' };
};

/** The text that n8n's linter asks for. */
const UPSERT = 'Create a new record, or update the current one if it already exists (upsert)';

/** The first operation a face names is the one that a new node shows. */
const operationSelector = (resource: string, operations: PlacedOperation[]): INodeProperties => ({
  ...selector('Operation', 'operation'),
  displayOptions: { show: { resource: [resource] } },
  options: operations
    .map(({ value, face, declared }) => ({
      name: face.name ?? titleCase(value),
      value,
      description: value === 'upsert' ? UPSERT : description(declared.description),
      action: face.action ?? declared.title,
    }))
    .toSorted(byName),
  default: operations[0]?.value ?? '',
});

interface OperationForm {
  key: string;
  route: Route;
  fields: FormField[];
  properties: INodeProperties[];
}

const operationForm = (face: Face, placed: PlacedOperation): OperationForm => {
  const { declared } = placed;
  const schema = inputSchema(declared);
  const answer = answerOf(declared, schema);
  const show = { resource: [placed.resource], operation: [placed.value] };
  const { first, others } = inputs(face, placed, schema, answer);
  const collection = others.length > 0 ? collectionOf(declared, answer, others) : undefined;
  const command = !isQuery(declared);
  const optional = others.map((one) =>
    isNarrowing(one.field, command) || placed.face.perEvent ? { ...one.field, narrows: labelOf(one) } : one.field,
  );
  const properties = [
    ...first.flatMap((field) => firstLevel(field, schema.required?.includes(field.field.name) ?? false)),
    ...(declared.stream ? streamProperties(declared.stream) : []),
    ...(answer === 'paged' ? paging : []),
    ...(collection ? [collection] : []),
    ...(command ? [options] : []),
  ];
  return {
    key: `${placed.resource}.${placed.value}`,
    fields: [...first, ...others],
    route: {
      method: declared.method,
      path: pathOf(face.contract, declared),
      fields: first.map(({ field }) => field),
      ...(collection && { collection: { name: collection.name, fields: optional } }),
      command,
      subject: command
        ? subjectOf(
            placed,
            first.map(({ field }) => field.name),
          )
        : [],
      answer,
      ...(declared.stream && { stream: declared.stream }),
      ...(placed.face.perEvent && { perEvent: true as const }),
      ...(placed.face.branch !== undefined && { branch: placed.face.branch }),
    },
    properties: properties.map((property) => shown(property, show)),
  };
};

const labelOf = ({ field, properties: [main] }: FormField): string =>
  main?.displayName.replace(/ in Minor Units$/, '') ?? field.name;

const PAGING = new Set(['limit', 'cursor']);

const inputs = (face: Face, placed: PlacedOperation, schema: JsonSchema, answer: Route['answer']) => {
  const inPath = [...placed.declared.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const names = Object.keys(schema.properties ?? {})
    .filter((name) => !(name in (face.hidden ?? {})) && !(answer === 'paged' && PAGING.has(name)))
    .toSorted((left, right) => Number(inPath.includes(right)) - Number(inPath.includes(left)));
  const leads = (name: string): boolean => {
    if (placed.face.prominent?.includes(name)) return true;
    const declared = schema.properties?.[name];
    return (schema.required?.includes(name) ?? false) && declared !== undefined && !unwrapped(declared).nullable;
  };
  const made = names.map((name) => ({
    leads: leads(name),
    form: formField(name, schema.properties?.[name] ?? {}, schema.required?.includes(name) ?? false, {
      pickers: face.pickers ?? {},
      labels: face.labels ?? {},
      fresh: placed.face.fresh ?? [],
      whole: placed.face.whole ?? [],
    }),
  }));
  return {
    first: made.filter((one) => one.leads).map(({ form }) => form),
    others: made.filter((one) => !one.leads).map(({ form }) => form),
  };
};

const answerOf = (declared: Operation, schema: JsonSchema): Route['answer'] => {
  const output = outputSchema(declared);
  if (output.properties?.['items']?.type !== 'array') return 'one';
  return schema.properties?.['cursor'] && schema.properties['limit'] ? 'paged' : 'items';
};

/**
 * Required inputs say so; rows get the choice between fields and JSON. A currency is not demanded: the amount beside it may be a whole one,
 * and n8n runs no node with an empty field that it demands.
 */
const firstLevel = ({ field, properties }: FormField, required: boolean): INodeProperties[] => {
  const [main, ...beside] = properties;
  if (!main) return [];
  const demand = required && main.type !== 'boolean' ? { required: true } : {};
  if (field.shape.as !== 'rows') return [{ ...main, ...demand }, ...beside];
  const choice = `${field.name}Input`;
  return [
    {
      displayName: `Specify ${main.displayName}`,
      name: choice,
      type: 'options',
      options: [
        { name: 'Using Fields Below', value: 'fields' },
        { name: 'Using JSON', value: 'json' },
      ],
      default: 'fields',
    },
    { ...main, ...demand, displayOptions: { show: { [choice]: ['fields'] } } },
    ...beside.map((one) => ({
      ...one,
      ...demand,
      displayName: main.displayName,
      displayOptions: { show: { [choice]: ['json'] } },
    })),
  ];
};

const collectionOf = (declared: Operation, answer: Route['answer'], fields: FormField[]): INodeProperties => {
  const [name, displayName, placeholder] =
    answer !== 'one'
      ? ['filters', 'Filters', 'Add Filter']
      : declared.method === 'PATCH'
        ? ['updateFields', 'Update Fields', 'Add Field']
        : ['additionalFields', 'Additional Fields', 'Add Field'];
  return {
    displayName,
    name,
    type: 'collection',
    placeholder,
    default: {},
    options: fields
      .flatMap(inCollection)
      .toSorted((left, right) => left.displayName.localeCompare(right.displayName, 'en')),
  };
};

/** Two fields that belong together are one entry of a collection. */
const inCollection = ({ field, properties }: FormField): INodeProperties[] => {
  const [main] = properties;
  if (field.shape.as !== 'money' || !main) return properties;
  const label = labelOf({ field, properties });
  return [
    {
      displayName: label,
      name: field.name,
      type: 'fixedCollection',
      placeholder: `Add ${label}`,
      default: {},
      options: [{ displayName: label, name: 'money', values: properties }],
    },
  ];
};

const paging: INodeProperties[] = [
  {
    displayName: 'Return All',
    name: 'returnAll',
    type: 'boolean',
    default: false,
    description: 'Whether to return all results or only up to a given limit',
  },
  {
    displayName: 'Limit',
    name: 'limit',
    type: 'number',
    typeOptions: { minValue: 1 },
    default: 50,
    description: 'Max number of results to return',
    displayOptions: { show: { returnAll: [false] } },
  },
];

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [
    {
      displayName: 'Idempotency Key',
      name: 'idempotencyKey',
      type: 'string',
      default: '',
      description:
        'Repeats with the same key return the first response and change nothing. Made from the event, the workflow, this node and what the item is about unless given. A key of your own counts for all events: put something of the event into it, such as its ID.',
    },
  ],
};

const shown = (property: INodeProperties, show: Record<string, string[]>): INodeProperties => ({
  ...property,
  displayOptions: { show: { ...show, ...property.displayOptions?.show } },
});

/** Required fields come first, then optional ones, then the options of the node. */
const rank = ({ name }: INodeProperties): number =>
  ['returnAll', 'limit', 'filters', 'additionalFields', 'updateFields', 'options'].indexOf(name);

/** One property for all operations of a resource that show exactly the same: a value stays when the operation is changed. */
const merged = (properties: INodeProperties[]): INodeProperties[] => {
  const known = new Map<string, INodeProperties>();
  for (const property of properties) {
    const { operation = [], ...show } = property.displayOptions?.show ?? {};
    const key = JSON.stringify([{ ...property, displayOptions: undefined }, show]);
    const before = known.get(key);
    const operations = [...(before?.displayOptions?.show?.['operation'] ?? []), ...operation];
    known.set(key, { ...property, displayOptions: { show: { ...show, operation: operations } } });
  }
  return [...known.values()].toSorted((left, right) => rank(left) - rank(right));
};
