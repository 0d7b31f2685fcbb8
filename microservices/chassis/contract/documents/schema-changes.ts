import type { Resolve } from '../schema/example.ts';
import type { JsonSchema } from '../schema/json-schema.ts';

/** Something that worked with the released contract and does not with the present one. */
export interface Change {
  /** "orders.placeOrder input.lines[].sku" */
  where: string;
  /** "the field was removed" */
  what: string;
}

/** Finds references in the released and in the present document. */
export interface Lookup {
  before: Resolve;
  after: Resolve;
}

type Direction = 'input' | 'output';

const MAX_DEPTH = 12;

/**
 * Breaking changes between two schemas. What goes in may only be asked for less strictly, what comes out may only be
 * promised more strictly. A value added to an enumeration that comes out is allowed: readers are asked to tolerate it.
 */
export const schemaChanges = (
  before: JsonSchema,
  after: JsonSchema,
  direction: Direction,
  where: string,
  lookup: Lookup,
  depth = 0,
): Change[] => {
  if (depth > MAX_DEPTH) return [];
  const was = flatten(before, lookup.before);
  const is = flatten(after, lookup.after);
  return [
    ...nullabilityChanges(was, is, direction, where),
    ...variantChanges(was.variants, is.variants, { direction, where, lookup, depth }),
  ];
};

interface Flat {
  nullable: boolean;
  /** Alternatives of a value, besides null. */
  variants: JsonSchema[];
}

/** References followed, unions opened, null told apart. */
const flatten = (schema: JsonSchema, resolve: Resolve): Flat => {
  if (schema.$ref) return flatten(resolve(schema.$ref), resolve);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    const parts = options.map((option) => flatten(option, resolve));
    return { nullable: parts.some(({ nullable }) => nullable), variants: parts.flatMap(({ variants }) => variants) };
  }
  if (schema.type === 'null') return { nullable: true, variants: [] };
  return { nullable: false, variants: [schema] };
};

const nullabilityChanges = (was: Flat, is: Flat, direction: Direction, where: string): Change[] => {
  if (direction === 'input') return was.nullable && !is.nullable ? [{ where, what: 'null is no longer taken' }] : [];
  return !was.nullable && is.nullable ? [{ where, what: 'it can now be null' }] : [];
};

interface Comparison {
  direction: Direction;
  where: string;
  lookup: Lookup;
  depth: number;
}

/** Each variant that was there needs one that still fits; with one on either side, what changed can be said exactly. */
const variantChanges = (was: readonly JsonSchema[], is: readonly JsonSchema[], comparison: Comparison): Change[] => {
  const [onlyWas, ...otherWas] = was;
  const [onlyIs, ...otherIs] = is;
  if (!onlyWas) return [];
  if (onlyIs && otherWas.length === 0 && otherIs.length === 0) return plainChanges(onlyWas, onlyIs, comparison);
  // Inputs: every old variant must still be accepted. Outputs: every new variant must be a known one.
  const [needed, offered] = comparison.direction === 'input' ? [was, is] : [is, was];
  const fits = (one: JsonSchema, other: JsonSchema): boolean =>
    plainChanges(...(comparison.direction === 'input' ? ([one, other] as const) : ([other, one] as const)), comparison)
      .length === 0;
  return needed
    .filter((one) => !offered.some((other) => fits(one, other)))
    .map((one) => ({
      where: comparison.where,
      what: comparison.direction === 'input' ? `${nameOf(one)} is no longer taken` : `it can now be ${nameOf(one)}`,
    }));
};

const nameOf = (schema: JsonSchema): string =>
  schema.title ?? (schema.const === undefined ? String(schema.type ?? 'anything') : JSON.stringify(schema.const));

const plainChanges = (was: JsonSchema, is: JsonSchema, comparison: Comparison): Change[] => {
  const { where, direction, lookup, depth } = comparison;
  const typeWas = typeOf(was);
  const typeIs = typeOf(is);
  const widened =
    direction === 'input'
      ? typeIs === 'anything' || (typeWas === 'integer' && typeIs === 'number')
      : typeWas === 'anything';
  if (typeWas !== typeIs && !widened) return [{ where, what: `its type changed from ${typeWas} to ${typeIs}` }];
  return [
    ...enumChanges(was, is, comparison),
    ...(direction === 'input' ? tightened(was, is, where) : []),
    ...memberChanges(was, is, comparison),
    ...(was.items && is.items ? schemaChanges(was.items, is.items, direction, `${where}[]`, lookup, depth + 1) : []),
    ...entryChanges(was, is, comparison),
  ];
};

const typeOf = (schema: JsonSchema): string => {
  const given =
    schema.type ??
    (schema.const === undefined
      ? schema.enum?.[0] === undefined
        ? undefined
        : typeof schema.enum[0]
      : typeof schema.const);
  if (given === undefined) return 'anything';
  const format = schema.format === undefined ? '' : ` (${schema.format})`;
  return `${Array.isArray(given) ? given.join(' or ') : given}${given === 'string' ? format : ''}`;
};

const valuesOf = (schema: JsonSchema): unknown[] | undefined =>
  schema.const === undefined ? schema.enum : [schema.const];

const enumChanges = (was: JsonSchema, is: JsonSchema, { direction, where }: Comparison): Change[] => {
  const [before, after] = [valuesOf(was), valuesOf(is)];
  if (before && after)
    return before
      .filter((value) => !after.includes(value))
      .map((value) => ({ where, what: `the value ${JSON.stringify(value)} was removed` }));
  if (before && direction === 'output') return [{ where, what: 'it is no longer one of known values' }];
  if (after && direction === 'input')
    return [{ where, what: `it now has to be one of ${after.map((value) => JSON.stringify(value)).join(', ')}` }];
  return [];
};

const MINIMA = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;
const MAXIMA = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;

/** Input that was taken and would now be refused. */
const tightened = (before: JsonSchema, is: JsonSchema, where: string): Change[] => {
  const was = { ...boundsOf(before.pattern), ...before };
  return [
    ...MINIMA.filter((limit) => (is[limit] ?? -Infinity) > (was[limit] ?? -Infinity)).map((limit) =>
      limitChange(where, limit, was, is),
    ),
    ...MAXIMA.filter((limit) => (is[limit] ?? Infinity) < (was[limit] ?? Infinity)).map((limit) =>
      limitChange(where, limit, was, is),
    ),
    ...(is.pattern !== undefined && is.pattern !== was.pattern
      ? [{ where, what: `its pattern changed from ${was.pattern ?? 'none'} to ${is.pattern}` }]
      : []),
  ];
};

/** The lengths that a pattern of one set of characters implies: `^[a-z]{1,64}$`, `^[0-9]{6}$`. */
const boundsOf = (pattern: string | undefined): Pick<JsonSchema, 'minLength' | 'maxLength'> => {
  const [, least, most = least] = /^\^\[[^\]]*\]\{(\d+)(?:,(\d+))?\}\$$/.exec(pattern ?? '') ?? [];
  return least === undefined || most === undefined ? {} : { minLength: Number(least), maxLength: Number(most) };
};

const limitChange = (
  where: string,
  limit: (typeof MINIMA | typeof MAXIMA)[number],
  was: JsonSchema,
  is: JsonSchema,
): Change => ({
  where,
  what: `its ${limit} was tightened from ${was[limit] ?? 'none'} to ${is[limit] ?? 'none'}`,
});

const memberChanges = (was: JsonSchema, is: JsonSchema, { direction, where, lookup, depth }: Comparison): Change[] => {
  const [before, after] = [was.properties ?? {}, is.properties ?? {}];
  const kept = Object.entries(before).flatMap(([name, schema]): Change[] => {
    const at = `${where}.${name}`;
    const now = after[name];
    if (now === undefined) return [{ where: at, what: 'the field was removed' }];
    const optional = direction === 'output' && was.required?.includes(name) && !is.required?.includes(name);
    return [
      ...(optional ? [{ where: at, what: 'it can now be missing' }] : []),
      ...schemaChanges(schema, now, direction, at, lookup, depth + 1),
    ];
  });
  const demanded = direction === 'output' ? [] : (is.required ?? []).filter((name) => !was.required?.includes(name));
  return [...kept, ...demanded.map((name) => ({ where: `${where}.${name}`, what: 'it is now required' }))];
};

/** The values of free objects (metadata, translations). */
const entryChanges = (was: JsonSchema, is: JsonSchema, { direction, where, lookup, depth }: Comparison): Change[] =>
  typeof was.additionalProperties === 'object' && typeof is.additionalProperties === 'object'
    ? schemaChanges(was.additionalProperties, is.additionalProperties, direction, `${where}{}`, lookup, depth + 1)
    : [];
