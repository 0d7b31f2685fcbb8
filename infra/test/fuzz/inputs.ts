import fc, { type Arbitrary } from 'fast-check';
import { idPrefixOf } from '../../../microservices/chassis/contract/identifiers.ts';
import type { JsonSchema } from '../../../microservices/chassis/contract/schema/json-schema.ts';

/** Ids that earlier answers named, by prefix: so that the fuzzer reaches things that exist. */
export interface KnownIds {
  ids: Map<string, string[]>;
  skus: string[];
}

/** Inputs that fit a schema, mostly: numbers at their bounds, strings at theirs, ids that exist or do not. */
export const fitting = (schema: JsonSchema, known: KnownIds, root: JsonSchema = schema): Arbitrary<unknown> => {
  const inner = (next: JsonSchema): Arbitrary<unknown> => fitting(next, known, root);
  if (schema.$ref) return inner(root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {});
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return fc.oneof(...variants.map(inner));
  if (schema.allOf)
    return fc
      .tuple(...schema.allOf.map(inner))
      .map((parts) => (parts.every(isRecord) ? Object.assign({}, ...parts) : parts.at(-1)) as unknown);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return fittingObject(schema, known, inner);
    case 'array':
      return fc.array(inner(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(schema.minItems ?? 0, 3)),
      });
    case 'integer':
      return fittingInteger(schema);
    case 'number':
      return fittingNumber(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fittingString(schema, known);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const fittingObject = (
  schema: JsonSchema,
  known: KnownIds,
  inner: (next: JsonSchema) => Arbitrary<unknown>,
): Arbitrary<unknown> => {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, inner(field)] as const);
  const bare = fc.record(Object.fromEntries(fields.filter(([name]) => required.has(name))));
  const declared = fc.oneof(bare, fc.record(Object.fromEntries(fields), { requiredKeys: [...required] }));
  if (typeof schema.additionalProperties !== 'object') return declared;
  const keys = schema.propertyNames ? fittingString(schema.propertyNames, known) : fc.stringMatching(/^[a-z]{2,8}$/);
  return fc
    .tuple(declared, fc.dictionary(keys, inner(schema.additionalProperties), { minKeys: 1, maxKeys: 3 }))
    .map(([own, more]) => ({ ...more, ...own }));
};

const fittingInteger = ({ minimum = -1_000, maximum = 1_000_000 }: JsonSchema): Arbitrary<number> =>
  fc.oneof(
    fc.integer({
      min: Math.max(minimum, -(2 ** 31)),
      max: Math.min(maximum, 100) < minimum ? Math.min(maximum, 2 ** 31 - 1) : Math.min(maximum, 100),
    }),
    fc.constantFrom(minimum, maximum),
  );

const fittingNumber = ({ minimum = -1_000, maximum = 1_000_000 }: JsonSchema): Arbitrary<number> =>
  fc.oneof(fc.double({ min: minimum, max: maximum, noNaN: true }), fc.constantFrom(minimum, maximum));

const fittingString = (schema: JsonSchema, known: KnownIds): Arbitrary<string> => {
  const prefix = idPrefixOf(schema);
  if (prefix) {
    const ids = known.ids.get(prefix) ?? [];
    const unknown = fc.stringMatching(new RegExp(`^${prefix}_[0-9a-f]{32}$`));
    return ids.length > 0
      ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: unknown })
      : unknown;
  }
  if (schema.format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2090-01-01') })
      .map((date) => date.toISOString());
  if (schema.format === 'email') return fc.stringMatching(/^[a-z]{3,8}@example\.com$/);
  if (schema.format === 'uri') return fc.constant('https://example.com/a');
  const words = ['EUR', 'DE', 'en', 'standard', 'marketing', 'order-confirmation', ...known.skus];
  const fits = (word: string): boolean => !schema.pattern || new RegExp(schema.pattern, 'u').test(word);
  const real = words.filter(fits);
  const made = schema.pattern
    ? patterned(schema.pattern)
    : fc.string({
        unit: 'grapheme',
        minLength: schema.minLength ?? 1,
        maxLength: Math.min(schema.maxLength ?? 40, 200),
      });
  return real.length > 0 ? fc.oneof(fc.constantFrom(...real), made) : made;
};

/** Strings of a pattern; patterns that fast-check cannot build (look-aheads) fall back to a word. */
const patterned = (pattern: string): Arbitrary<string> => {
  try {
    return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 300));
  } catch {
    return fc.constant('word');
  }
};

/** Values that no schema asks for. */
export const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    0,
    -0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 53),
    1e308,
    [],
    {},
    [[]],
    [null],
    '0',
    'null',
    '../../etc/passwd',
    "'; DROP TABLE orders; --",
    '%00',
    '{{ 7 | times: 7 }}',
  ),
  fc.constantFrom(
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\u202eabc',
    '👩‍👩‍👧‍👦',
    'Å'.normalize('NFD'),
    '\uffff',
    '١٢٣',
    'ﷺ'.repeat(50),
  ),
  fc.integer({ min: 1, max: 4 }).map((power) => 'x'.repeat(10 ** power)),
  fc.constantFrom(
    { amount: -5, currency: 'EUR' },
    { amount: 5, currency: 'JPY' },
    { amount: '5', currency: 'eur' },
    { amount: 2 ** 53 - 1, currency: 'EUR' },
    { amount: 0.1, currency: 'EUR' },
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": 1}}') as unknown),
);

/** An input with one place, anywhere in it, made hostile; or one field taken away. */
export const spoiled = (input: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc
    .tuple(input, hostile, fc.infiniteStream(fc.nat(1_000)))
    .map(([value, evil, choices]) => spoil(value, evil, choices));

const spoil = (value: unknown, evil: unknown, choices: Iterator<number>): unknown => {
  const choice = Number(choices.next().value);
  if (!isRecord(value) && !Array.isArray(value)) return evil;
  const keys = Object.keys(value);
  const key = keys[choice % Math.max(keys.length, 1)];
  if (key === undefined) return { ...value, unexpected: evil };
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  if (choice % 7 === 0) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, choice % 3 === 0 ? evil : spoil(Reflect.get(value, key), evil, choices));
  return copy;
};
