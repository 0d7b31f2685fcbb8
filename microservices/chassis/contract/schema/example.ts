import type { JsonSchema } from './json-schema.ts';

/** Finds what a reference points to. */
export type Resolve = (reference: string) => JsonSchema;

const FORMATS: Record<string, string> = {
  'date-time': '2026-11-23T10:00:00.000Z',
  date: '2026-11-23',
  email: 'ada@example.com',
  uri: 'https://example.com',
  uuid: '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61',
};

/** Texts that the patterns of our contracts take, tried in this order. */
const CANDIDATES = [
  'EUR',
  'DE',
  'en',
  'example',
  'example-1',
  'EXAMPLE-1',
  '1007',
  '22:00',
  '4006381333931',
  '123456',
  'orders:read',
  '+4915112345678',
  'cd'.repeat(32),
];

const MAX_DEPTH = 8;

/**
 * A value that a schema takes, for people to read: what the schema itself offers first, then the plainest of its kind.
 */
export const exampleOf = (schema: JsonSchema, resolve: Resolve, depth = 0): unknown => {
  if (schema.$ref) return exampleOf(resolve(schema.$ref), resolve, depth);
  const [offered] = schema.examples ?? [];
  if (offered !== undefined) return offered;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [variant] = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null');
  if (variant) return exampleOf(variant, resolve, depth);
  if (schema.allOf && schema.type === undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, resolve, depth) as object)) as object;
  }
  return plainest(schema, resolve, depth);
};

const plainest = (schema: JsonSchema, resolve: Resolve, depth: number): unknown => {
  switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
    case 'object':
      return objectExample(schema, resolve, depth);
    case 'array':
      return schema.items && depth < MAX_DEPTH ? repeated(schema, exampleOf(schema.items, resolve, depth + 1)) : [];
    case 'integer':
    case 'number':
      return numberExample(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return textExample(schema);
    default:
      return {};
  }
};

const repeated = ({ minItems = 1 }: JsonSchema, item: unknown): unknown[] =>
  Array.from({ length: Math.max(1, minItems) }, () => item);

const objectExample = (schema: JsonSchema, resolve: Resolve, depth: number): object => {
  if (depth >= MAX_DEPTH) return {};
  const { properties, additionalProperties, propertyNames } = schema;
  if (properties === undefined && typeof additionalProperties === 'object') {
    const name = propertyNames ? exampleOf(propertyNames, resolve, depth + 1) : 'example';
    return { [String(name)]: exampleOf(additionalProperties, resolve, depth + 1) };
  }
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, property]) => [name, exampleOf(property, resolve, depth + 1)]),
  );
};

const numberExample = ({ minimum = 0, maximum = Infinity, exclusiveMinimum }: JsonSchema): number => {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  return Math.min(Math.max(least, 1), maximum);
};

const textExample = (schema: JsonSchema): string => {
  const known = schema.format === undefined ? undefined : FORMATS[schema.format];
  if (known !== undefined) return known;
  if (schema.pattern !== undefined) return patternExample(schema.pattern);
  const { minLength = 0, maxLength = Infinity } = schema;
  return 'text'.padEnd(minLength, ' text').slice(0, maxLength);
};

/**
 * Ids are spelled out; for other patterns a plain text that fits is looked for, and the pattern itself shown where none
 * does.
 */
const patternExample = (pattern: string): string => {
  const prefix = /^\^([a-z]+)_\[0-9a-f\]\{32\}\$$/.exec(pattern)?.[1];
  if (prefix !== undefined) return `${prefix}_01976f3e8c2a7b549a103f5d2c7e8b61`;
  const expression = new RegExp(pattern, 'u');
  return CANDIDATES.find((candidate) => expression.test(candidate)) ?? pattern;
};
