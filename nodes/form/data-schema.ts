/**
 * A contract's Zod schema as plain data, by which a node checks what it receives (run/data-schema.ts). Build time only.
 */
import type { z } from 'zod';
import type { DataSchema } from '../run/data-schema.ts';
import { writtenOut } from './json-schema.ts';

const CHECKED = new Set<keyof DataSchema>([
  ...(['type', 'enum', 'const', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const),
  ...(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'required'] as const),
  ...(['minProperties', 'maxProperties'] as const),
]);
const DESCRIBES = new Set([
  ...['$schema', 'id', 'title', 'description', 'examples', 'default', 'format'],
  ...['x-enumDescriptions', 'x-minorUnitsOf', 'x-liquid'],
]);

/**
 * The schema of a value that a caller sends, references written out, descriptions left out. Throws on a keyword that
 * nodes do not check.
 */
export const dataSchema = (schema: z.ZodType): DataSchema =>
  checked(writtenOut(schema.toJSONSchema({ io: 'input', unrepresentable: 'any' })));

const checked = (schema: object): DataSchema =>
  Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !DESCRIBES.has(keyword))
      // oneOf of a contract is a choice by one field, so at most one fits.
      .map(([keyword, value]) => [keyword === 'oneOf' ? 'anyOf' : keyword, keywordOf(keyword, value)]),
  );

const keywordOf = (keyword: string, value: unknown): unknown => {
  if (keyword === 'pattern') new RegExp(value as string, 'u');
  if (CHECKED.has(keyword as keyof DataSchema) || typeof value === 'boolean') return value;
  if (keyword === 'properties')
    return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, checked(one as object)]));
  if (['anyOf', 'oneOf', 'allOf'].includes(keyword)) return (value as object[]).map(checked);
  if (['items', 'additionalProperties', 'propertyNames'].includes(keyword)) return checked(value as object);
  throw new Error(`Nodes do not check the keyword ${keyword} of JSON Schema: add it to nodes/run/data-schema.ts`);
};
