import { randomBytes } from 'node:crypto';
import { idPrefixOf } from '../../../microservices/chassis/contract/identifiers.ts';
import type { JsonSchema } from '../../../microservices/chassis/contract/schema/json-schema.ts';

export const PASSWORD = 'correct horse battery staple';

const unique = (): string => randomBytes(6).toString('hex');

/** A short word that nobody used before. */
export const freshCode = (): string => `w${unique()}`;

export const PLAIN_ADDRESS = {
  name: 'Erika Muster',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};

export const freshEmail = (): string => `person-${unique()}@example.com`;

/**
 * Values of fields that their schema does not tell: what the demo shop sells, what has to be new, what has to be known.
 */
const BY_NAME: Record<string, () => unknown> = {
  sku: () => 'MUG-BLUE',
  skus: () => ['MUG-BLUE'],
  currency: () => 'EUR',
  country: () => 'DE',
  email: freshEmail,
  phone: () => `+49151${Number.parseInt(unique().slice(0, 8), 16)}`.slice(0, 15),
  password: () => PASSWORD,
  newPassword: () => `${PASSWORD} ${unique()}`,
  code: freshCode,
  slug: freshCode,
  reference: freshCode,
  locale: () => 'en',
  template: () => 'account-exists',
  timeZone: () => 'Europe/Berlin',
  scopes: () => ['api-keys:write'],
  type: () => 'order.created',
  eventTypes: () => ['order.created'],
};

/**
 * The plainest input that a schema takes: required fields only, with values by name where the schema alone does not
 * tell. `idFor` is asked for ids. Throws for a pattern that nobody declared a value for.
 */
export const plainInput = async (
  root: JsonSchema,
  idFor: (prefix: string, field: string) => Promise<string>,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> => {
  const valueOf = async (schema: JsonSchema, field: string): Promise<unknown> => {
    const { $ref, const: only, enum: choices, default: usual } = schema;
    const variant = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== 'null');
    if ($ref) return valueOf(root.$defs?.[$ref.replace('#/$defs/', '')] ?? {}, field);
    if (only !== undefined) return only;
    const prefix = idPrefixOf(schema);
    if (prefix !== undefined) return idFor(prefix, field);
    const named = BY_NAME[field];
    if (named && !choices) return named();
    if (choices) return choices[0];
    if (usual !== undefined) return usual;
    if (variant) return valueOf(variant, field);
    return ofType(schema, field);
  };
  const ofType = async (schema: JsonSchema, field: string): Promise<unknown> => {
    switch (Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type) {
      case 'object':
        return schema.properties ? fieldsOf(schema) : { en: `Text ${unique()}` };
      case 'array':
        return (schema.minItems ?? 0) > 0 ? [await valueOf(schema.items ?? {}, field)] : [];
      case 'integer':
      case 'number':
        return Math.max(schema.minimum ?? 1, 1);
      case 'boolean':
        return true;
      case 'string':
        return textOf(schema, field);
      default:
        return {};
    }
  };
  const fieldsOf = async (schema: JsonSchema): Promise<Record<string, unknown>> => {
    const fields: Record<string, unknown> = {};
    for (const name of schema.required ?? []) {
      const property = schema.properties?.[name];
      if (property && !(schema === root && name in given)) fields[name] = await valueOf(property, name);
    }
    return fields;
  };
  return { ...(await fieldsOf(root)), ...given };
};

const textOf = ({ format, pattern, minLength = 0 }: JsonSchema, field: string): string => {
  if (format === 'date-time') return new Date().toISOString();
  const text = `text-${unique()}`.padEnd(minLength, 'x');
  if (pattern === undefined || new RegExp(pattern, 'u').test(text)) return text;
  throw new Error(`No value is known for ${field}, which has to fit ${pattern}: declare one in plain-input.ts.`);
};
