/**
 * As much of JSON Schema as event data and filters need; form/data-schema.ts refuses a contract that needs more. Rules
 * that a contract states in code (dates that exist) are not in it: who publishes an event has checked those.
 */
export interface DataSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: DataSchema;
  minProperties?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, DataSchema>;
  propertyNames?: DataSchema;
  additionalProperties?: DataSchema | boolean;
  anyOf?: DataSchema[];
  allOf?: DataSchema[];
}

export interface SchemaFault {
  /** Names and indexes that lead to the place: ["lines", 0, "sku"]. */
  path: (string | number)[];
  message: string;
}

/**
 * The first place where a JSON value breaks its schema; undefined when it fits. Fields that the schema does not name
 * are allowed.
 */
export const schemaFault = (value: unknown, schema: DataSchema): SchemaFault | undefined => {
  for (const check of CHECKS) {
    const message = check(schema, value);
    if (message !== undefined) return { path: [], message };
  }
  return choiceFault(value, schema) ?? itemFault(value, schema) ?? propertyFault(value, schema);
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : value === undefined ? 'nothing' : typeof value;
};

const isOfType = (value: unknown, types: string | string[]): boolean =>
  [types].flat().some((type) => type === kindOf(value) || (type === 'number' && typeof value === 'number'));

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

type Check = (schema: DataSchema, value: unknown) => string | undefined;

const CHECKS: readonly Check[] = [
  ({ type }, value) =>
    type === undefined || isOfType(value, type)
      ? undefined
      : `expected ${[type].flat().join(' or ')}, received ${kindOf(value)}`,
  ({ enum: allowed }, value) =>
    !allowed || allowed.includes(value) ? undefined : `expected one of ${allowed.map(String).join(', ')}`,
  ({ const: only }, value) => (only === undefined || only === value ? undefined : `expected ${JSON.stringify(only)}`),
  ({ pattern }, value) =>
    pattern === undefined || !isText(value) || expression(pattern).test(value)
      ? undefined
      : `expected text like ${pattern}`,
  ({ minLength = 0, maxLength = Infinity }, value) =>
    isText(value) ? outside(value.length, minLength, maxLength, 'characters') : undefined,
  ({ minItems = 0, maxItems = Infinity }, value) =>
    Array.isArray(value) ? outside(value.length, minItems, maxItems, 'items') : undefined,
  ({ minProperties = 0, maxProperties = Infinity }, value) =>
    kindOf(value) === 'object'
      ? outside(Object.keys(value as object).length, minProperties, maxProperties, 'entries')
      : undefined,
  ({ minimum = -Infinity, maximum = Infinity }, value) =>
    isNumber(value) ? outside(value, minimum, maximum, '') : undefined,
  ({ exclusiveMinimum: above = -Infinity }, value) =>
    isNumber(value) && value <= above ? `expected more than ${above}` : undefined,
  ({ exclusiveMaximum: below = Infinity }, value) =>
    isNumber(value) && value >= below ? `expected less than ${below}` : undefined,
];

const outside = (count: number, least: number, most: number, unit: string): string | undefined => {
  if (count < least) return `expected at least ${least} ${unit}`.trimEnd();
  return count > most ? `expected at most ${most} ${unit}`.trimEnd() : undefined;
};

const expressions = new Map<string, RegExp>();
const expression = (pattern: string): RegExp => {
  const known = expressions.get(pattern) ?? new RegExp(pattern, 'u');
  expressions.set(pattern, known);
  return known;
};

/** Of several choices, the fault of the one that is of the value's kind says most. */
const choiceFault = (value: unknown, { anyOf, allOf = [] }: DataSchema): SchemaFault | undefined => {
  const faults = anyOf?.map((choice) => schemaFault(value, choice)) ?? [];
  if (faults.length > 0 && !faults.includes(undefined)) {
    const near = anyOf?.findIndex(({ type = '' }) => isOfType(value, type)) ?? -1;
    return faults[Math.max(0, near)];
  }
  return firstFault(allOf.map((part) => schemaFault(value, part)));
};

const itemFault = (value: unknown, { items }: DataSchema): SchemaFault | undefined => {
  if (!Array.isArray(value) || !items) return undefined;
  return firstFault(value.map((item, index) => at(index, schemaFault(item, items))));
};

const propertyFault = (value: unknown, schema: DataSchema): SchemaFault | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { required = [], properties = {}, propertyNames, additionalProperties } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return { path: [missing], message: 'is missing' };
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return firstFault(
    Object.entries(value).map(([name, inner]) => {
      const own = Object.hasOwn(properties, name) ? properties[name] : others;
      const named = propertyNames ? schemaFault(name, propertyNames) : undefined;
      return at(name, named ?? (own && schemaFault(inner, own)));
    }),
  );
};

const at = (step: string | number, fault: SchemaFault | undefined): SchemaFault | undefined =>
  fault && { ...fault, path: [step, ...fault.path] };

const firstFault = (faults: (SchemaFault | undefined)[]): SchemaFault | undefined =>
  faults.find((fault) => fault !== undefined);
