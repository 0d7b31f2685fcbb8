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

const CUSTOMER = 'cus_01976f3e8c2a7b549a103f5d2c7e8b61';

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

/** Texts that say what a member of this name is for, where its schema takes them. */
const TEXTS_BY_NAME: Readonly<Record<string, string>> = {
  ...{ ownerId: CUSTOMER, fromOwnerId: CUSTOMER, toOwnerId: 'shop', reservationOwnerId: 'order-1007' },
  ...{ sku: 'MUG-BLUE', slug: 'stoneware-mug', category: 'mugs', brand: 'Riverside', group: 'vip', tag: 'vip' },
  ...{ name: 'Ada Lovelace', title: 'Stoneware mug', reason: 'asked for by the customer', note: 'Ring twice, please' },
  ...{ line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE', region: 'BE' },
  ...{ reference: 'order-1007', code: 'WELCOME10', locale: 'en', timeZone: 'Europe/Berlin', phone: '+4915112345678' },
  ...{ password: 'a long pass phrase', device: 'Firefox on Linux', search: 'mug', carrier: 'DHL' },
  ...{ trackingNumber: '00340434161094000001', url: 'https://example.com/hooks', subject: 'order-1007' },
};

/** The same for numbers. */
const NUMBERS_BY_NAME: Readonly<Record<string, number>> = {
  ...{ amount: 1_450, quantity: 2, weightGrams: 420, percentage: 1_000, rate: 1_900, lowStockThreshold: 20 },
  ...{ timeoutSeconds: 3_600, maxAttempts: 5, usageLimitPerCustomer: 1 },
};

const MAX_DEPTH = 8;

/**
 * A value that a schema takes, for people to read: what the schema itself offers first, then the plainest of its kind.
 */
export const exampleOf = (schema: JsonSchema, resolve: Resolve, name?: string): unknown =>
  exampleAt(schema, resolve, { name, depth: 0 });

/** Where in the whole a value stands. */
interface At {
  /** The member that it is the value of: "ownerId" or "amount" tells more than a pattern does. */
  name: string | undefined;
  depth: number;
}

const exampleAt = (schema: JsonSchema, resolve: Resolve, at: At): unknown => {
  if (schema.$ref) return exampleAt(resolve(schema.$ref), resolve, at);
  const [offered] = schema.examples ?? [];
  if (offered !== undefined) return offered;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [variant] = (schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null');
  if (variant) return exampleAt(variant, resolve, at);
  if (schema.allOf && schema.type === undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleAt(part, resolve, at) as object)) as object;
  }
  return plainest(schema, resolve, at);
};

const plainest = (schema: JsonSchema, resolve: Resolve, at: At): unknown => {
  const { name, depth } = at;
  switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
    case 'object':
      return objectExample(schema, resolve, depth);
    case 'array':
      return schema.items && depth < MAX_DEPTH
        ? repeated(schema, exampleAt(schema.items, resolve, { name: name?.replace(/s$/, ''), depth: depth + 1 }))
        : [];
    case 'integer':
    case 'number':
      return numberExample(schema, name);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return textExample(schema, name);
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
    const key = propertyNames ? exampleAt(propertyNames, resolve, { name: undefined, depth: depth + 1 }) : 'example';
    return { [String(key)]: exampleAt(additionalProperties, resolve, { name: undefined, depth: depth + 1 }) };
  }
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, property]) => [
      name,
      exampleAt(property, resolve, { name, depth: depth + 1 }),
    ]),
  );
};

const numberExample = ({ minimum = 0, maximum = Infinity, exclusiveMinimum }: JsonSchema, name?: string): number => {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const usual = (name === undefined ? undefined : NUMBERS_BY_NAME[name]) ?? 1;
  return Math.min(Math.max(least, usual), maximum);
};

const textExample = (schema: JsonSchema, name?: string): string => {
  const known = schema.format === undefined ? undefined : FORMATS[schema.format];
  if (known !== undefined) return known;
  const { minLength = 0, maxLength = Infinity } = schema;
  const usual = name === undefined ? undefined : TEXTS_BY_NAME[name];
  if (usual !== undefined && fitsText(usual, schema)) return usual;
  if (schema.pattern !== undefined) return patternExample(schema.pattern);
  return 'text'.padEnd(minLength, ' text').slice(0, maxLength);
};

const fitsText = (text: string, { minLength = 0, maxLength = Infinity, pattern = '' }: JsonSchema): boolean =>
  text.length >= minLength && text.length <= maxLength && new RegExp(pattern, 'u').test(text);

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
