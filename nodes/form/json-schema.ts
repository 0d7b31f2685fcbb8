/**
 * A contract's Zod schemas as the JSON Schema that forms are made of. Build time only: nothing of this reaches `dist`.
 */
import type { Operation } from '../../microservices/chassis/contract/index.ts';

export interface JsonSchema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  /** What each value of an enum means (contract/choices.ts). */
  'x-enumDescriptions'?: Record<string, string>;
  /** The input beside it whose currency a whole number of minor units is of (contract/values.ts). */
  'x-minorUnitsOf'?: string;
  /** A text with Liquid placeholders (contract/values.ts). */
  'x-liquid'?: boolean;
}

export interface Unwrapped {
  schema: JsonSchema;
  nullable: boolean;
}

/** The schema of an operation's input, references written out. */
export const inputSchema = (declared: Operation): JsonSchema =>
  writtenOut(declared.input.toJSONSchema(options('input')));

/** The schema of an operation's output, references written out. */
export const outputSchema = (declared: Operation): JsonSchema =>
  writtenOut(declared.output.toJSONSchema(options('output')));

const options = (io: 'input' | 'output') => ({ io, unrepresentable: 'any' }) as const;

/** A JSON Schema of Zod with its references written out. */
export const writtenOut = (document: object): JsonSchema => {
  const root = document as JsonSchema;
  return inline(root, root.$defs ?? {});
};

/** Replaces `#/$defs/Money` by what stands there; a description beside the reference wins. */
const inline = (schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema => {
  if (schema.$ref) {
    const found = definitions[schema.$ref.replace('#/$defs/', '')];
    if (!found) throw new Error(`The schema refers to ${schema.$ref}, which it does not define`);
    const { $ref: _, $defs: _defs, ...beside } = schema;
    return { ...inline(found, definitions), ...beside };
  }
  const { $defs: _, ...rest } = schema;
  return {
    ...rest,
    ...(schema.properties && { properties: mapValues(schema.properties, (one) => inline(one, definitions)) }),
    ...(schema.items && { items: inline(schema.items, definitions) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map((one) => inline(one, definitions)) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map((one) => inline(one, definitions)) }),
    ...(schema.allOf && { allOf: schema.allOf.map((one) => inline(one, definitions)) }),
    ...(typeof schema.additionalProperties === 'object' && {
      additionalProperties: inline(schema.additionalProperties, definitions),
    }),
  };
};

/** Takes null out of a union of one schema and null. */
export const unwrapped = (schema: JsonSchema): Unwrapped => {
  const choices = schema.anyOf?.filter((choice) => choice.type !== 'null');
  if (!schema.anyOf || !choices) return { schema, nullable: false };
  const nullable = choices.length < schema.anyOf.length;
  const [only] = choices;
  if (choices.length !== 1 || !only) return { schema, nullable };
  const { anyOf: _, ...around } = schema;
  return { schema: { ...only, ...around }, nullable };
};

/** An amount of money: exactly `amount` and `currency`. */
export const isMoney = (schema: JsonSchema): boolean =>
  schema.type === 'object' &&
  Object.keys(schema.properties ?? {})
    .sort()
    .join() === 'amount,currency' &&
  schema.properties?.['amount']?.type === 'integer';

/** The enum of which an input takes one value or several (`oneOrMore`); undefined for any other schema. */
export const listOfChoices = ({ anyOf }: JsonSchema): JsonSchema | undefined => {
  const [one, several] = anyOf ?? [];
  return anyOf?.length === 2 && one?.enum && several?.type === 'array' && several.items?.enum ? one : undefined;
};

export const isRecord = (schema: JsonSchema): boolean => schema.type === 'object' && schema.properties === undefined;

export const mapValues = <In, Out>(record: Record<string, In>, change: (value: In, key: string) => Out) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)])) as Record<string, Out>;
