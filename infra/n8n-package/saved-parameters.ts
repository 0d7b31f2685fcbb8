import type {
  INodeProperties,
  INodePropertyCollection,
  INodePropertyOptions,
  INodeTypeDescription,
} from 'n8n-workflow';

/** One parameter as a saved workflow may hold it. */
export interface SavedParameter {
  type: string;
  /** Values of options; a saved workflow holds one of them. */
  values?: string[];
  /** Where it is shown, `resource.operation`; nothing: everywhere. */
  shown?: string[];
  /** Has to be filled in by hand: no default does. */
  demanded?: true;
  /** Where it has to be filled in, when that is not everywhere it is shown. */
  demandedAt?: string[];
  /** The first version of the node that has it, when that is not the first of all. */
  since?: number;
}

export interface SavedNode {
  versions: number[];
  /**
   * By path (`additionalFields.reason`, `lines.line.sku`), type and version, because one name may mean two things in
   * two operations.
   */
  parameters: Record<string, SavedParameter>;
}
export type SavedNodes = Record<string, SavedNode>;

/** Parameters that a workflow saved with this node may hold. */
export const savedNode = (description: INodeTypeDescription): SavedNode => ({
  versions: [description.version].flat(),
  parameters: collected(description.properties, ''),
});

const collected = (properties: INodeProperties[], prefix: string): Record<string, SavedParameter> => {
  const parameters: Record<string, SavedParameter> = {};
  for (const property of properties) {
    const path = `${prefix}${property.name}`;
    const { since } = sinceVersion(property);
    const key = `${path}:${property.type}${since ? `@${since}` : ''}`;
    const before = parameters[key];
    const saved = parameterOf(property);
    parameters[key] = before ? joined(before, saved) : saved;
    for (const [name, inside] of Object.entries(collected(insideOf(property), `${path}.`))) {
      const known = parameters[name];
      parameters[name] = known ? joined(known, inside) : inside;
    }
  }
  return parameters;
};

const parameterOf = ({
  type,
  options = [],
  displayOptions,
  required,
  default: value,
}: INodeProperties): SavedParameter => {
  const { resource, operation } = displayOptions?.show ?? {};
  const values = options.filter(isOption).map((option) => String(option.value));
  return {
    type,
    ...(values.length > 0 && { values: values.toSorted() }),
    ...(resource && { shown: places(resource as string[], operation as string[] | undefined) }),
    ...(required && isEmpty(value) && { demanded: true as const }),
    ...sinceVersion({ displayOptions }),
  };
};

/** `[1]`, or n8n's condition `[{ _cnd: { gte: 2 } }]`. */
const sinceVersion = ({ displayOptions }: Pick<INodeProperties, 'displayOptions'>): { since?: number } => {
  const [first] = (displayOptions?.show?.['@version'] ?? []) as unknown[];
  const { _cnd: { gte = 1 } = {} } = (typeof first === 'object' ? first : {}) as { _cnd?: { gte?: number } };
  return gte > 1 ? { since: gte } : {};
};

const places = (resources: string[], operations: string[] = ['*']): string[] =>
  resources.flatMap((resource) => operations.map((operation) => `${resource}.${operation}`)).toSorted();

const joined = (left: SavedParameter, right: SavedParameter): SavedParameter => ({
  ...left,
  ...(left.values && { values: union(left.values, right.values) }),
  ...(left.shown && { shown: union(left.shown, right.shown) }),
  ...((left.demanded ?? right.demanded) && { demanded: true as const }),
  ...((left.demanded !== right.demanded || left.demandedAt || right.demandedAt) && {
    demandedAt: union(demandsOf(left), demandsOf(right)),
  }),
});

const demandsOf = ({ demanded, demandedAt, shown = [] }: SavedParameter): string[] =>
  demanded ? (demandedAt ?? shown) : [];

const union = (left: string[], right: string[] = []): string[] => [...new Set([...left, ...right])].toSorted();

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;
const isOption = (option: Option): option is INodePropertyOptions => 'value' in option;

const insideOf = ({ type, options = [] }: INodeProperties): INodeProperties[] => {
  if (type === 'collection') return options.filter((option): option is INodeProperties => 'type' in option);
  if (type !== 'fixedCollection') return [];
  return options
    .filter((option): option is INodePropertyCollection => 'values' in option)
    .flatMap(({ name, values }) => values.map((value) => ({ ...value, name: `${name}.${value.name}` })));
};

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  (typeof value === 'object' &&
    value !== null &&
    ('value' in value ? value.value === '' : Object.keys(value).length === 0));

/** Sentences on parts of the released nodes that workflows would miss now; empty when all still load and run. */
export const missed = (released: SavedNodes, now: SavedNodes): string[] =>
  Object.entries(released).flatMap(([type, before]) => {
    const after = now[type];
    if (!after) return [`${type} is gone`];
    const versions = before.versions
      .filter((version) => !after.versions.includes(version))
      .map((version) => `${type} has no version ${version} any more`);
    const parameters = Object.entries(before.parameters).flatMap(([key, parameter]) =>
      missedOf(`${type} ${key}`, parameter, after.parameters[key]),
    );
    return [...versions, ...parameters, ...newDemands(type, before, after)];
  });

const missedOf = (where: string, before: SavedParameter, after: SavedParameter | undefined): string[] => {
  if (!after) return [`${where} is gone, or has another type`];
  const values = (before.values ?? [])
    .filter((value) => !after.values?.includes(value))
    .map((value) => `${where} has no option ${value} any more`);
  const shown = after.shown
    ? (before.shown ?? ['everywhere'])
        .filter((place) => !after.shown?.includes(place))
        .map((place) => `${where} is not shown at ${place} any more`)
    : [];
  return [...values, ...shown];
};

/** A saved workflow holds no value for what did not exist: a place that was there must not ask for more. */
const newDemands = (type: string, before: SavedNode, after: SavedNode): string[] => {
  const places = new Set(Object.values(before.parameters).flatMap(({ shown = [] }) => shown));
  return Object.entries(after.parameters)
    .filter(
      ([key, parameter]) =>
        (parameter.since ?? 1) <= Math.max(...before.versions) &&
        before.parameters[key]?.demanded !== true &&
        demandsOf(parameter).some((place) => places.has(place)),
    )
    .map(([key]) => `${type} ${key} is demanded now, and saved workflows do not have it`);
};
