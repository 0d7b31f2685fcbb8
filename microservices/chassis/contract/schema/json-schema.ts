import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { z } from 'zod';
import type { Contract } from '../index.ts';

/** As much of JSON Schema as our contracts come out as. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  title?: string;
  description?: string;
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
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  /** What each value of an enum means (choices.ts). */
  'x-enumDescriptions'?: Record<string, string>;
}

/** A schema that carries an id (Money, Address) and therefore stands once in a document, under that name. */
export interface NamedSchema {
  name: string;
  schema: z.ZodType;
  /** Which side it is written down for, where what goes in differs from what comes out (defaults). */
  strategy: 'input' | 'output';
}

/**
 * What stands in a schema's metadata: how many entries a record may have, as Zod has no such check, and the meaning of
 * each value.
 */
const metaOf = (schema: unknown): JsonSchema => {
  if (!(schema instanceof z.ZodType)) return {};
  const { minProperties, maxProperties, 'x-enumDescriptions': meanings } = z.globalRegistry.get(schema) ?? {};
  return {
    ...(meanings && schema instanceof z.ZodEnum ? { 'x-enumDescriptions': meanings as Record<string, string> } : {}),
    ...(typeof minProperties === 'number' ? { minProperties } : {}),
    ...(typeof maxProperties === 'number' ? { maxProperties } : {}),
  };
};

/** Makes JSON Schemas of Zod's, with what Zod's checks do not carry. */
export const converter = new ZodToJsonSchemaConverter({
  interceptors: [
    (call) => {
      const [required, json] = call.next();
      const isReference = typeof json !== 'object' || json.$ref !== undefined;
      return [required, isReference ? json : { ...json, ...metaOf(call.schema) }];
    },
  ],
});

/** The JSON Schema (2020-12) of what comes out; named schemas that are given become references. */
export const outputSchema = (schema: z.ZodType, named: readonly NamedSchema[] = []): JsonSchema => {
  const components = named.map(({ name, schema: component }) => ({
    schema: component,
    required: true,
    ref: `#/components/schemas/${name}`,
    allowedStrategies: ['output'] as const,
  }));
  const [, json] = converter.convert(schema, { strategy: 'output', components });
  return json as JsonSchema;
};

/** Every schema with an id in these contracts, once a name; the first with a name has it. */
export const namedSchemas = (contracts: readonly Contract[]): NamedSchema[] => {
  const found = new Map<string, NamedSchema>();
  const seen = new Set<z.ZodType>();
  const visit = (schema: z.ZodType, strategy: 'input' | 'output'): void => {
    if (seen.has(schema)) return;
    seen.add(schema);
    const name = z.globalRegistry.get(schema)?.id;
    if (name !== undefined && !found.has(name)) found.set(name, { name, schema, strategy });
    for (const child of childrenOf(schema)) visit(child, strategy);
  };
  for (const contract of contracts) {
    for (const declared of Object.values(contract.operations)) {
      visit(declared.output, 'output');
      for (const failure of Object.values(declared.errors)) if (failure.data) visit(failure.data, 'output');
    }
    for (const declared of Object.values(contract.events)) visit(declared.payload, 'output');
    for (const declared of Object.values(contract.operations)) visit(declared.input, 'input');
  }
  return [...found.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
};

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;

/** The schemas that a schema is made of, wherever its definition keeps them: members, elements, options, pipes. */
const childrenOf = (schema: z.ZodType): z.ZodType[] =>
  Object.values(schema.def).flatMap((part: unknown) => {
    if (isSchema(part)) return [part];
    return part !== null && typeof part === 'object' ? Object.values(part).filter(isSchema) : [];
  });
