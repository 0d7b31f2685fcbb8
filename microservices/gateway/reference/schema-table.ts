import { html, prose, type Html } from '../../chassis/pages/html.ts';
import type { Resolve } from '../../chassis/contract/schema/example.ts';
import type { JsonSchema } from '../../chassis/contract/schema/json-schema.ts';

interface Row {
  name: string;
  depth: number;
  type: string;
  required: boolean;
  description: string;
}

const MAX_DEPTH = 4;

/** The members of an object schema as a table, nested ones indented below their parent. */
export const schemaTable = (schema: JsonSchema, resolve: Resolve, caption: string): Html => {
  const rows = rowsOf(schema, resolve, 0);
  if (rows.length === 0) return html`<p class="soft">${caption}: ${typeText(schema, resolve)}</p>`;
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <td class="nest-${Math.min(row.depth, 3)}">
                <code>${row.name}</code>${row.required ? null : html` <span class="soft">optional</span>`}
              </td>
              <td>${row.type}</td>
              <td>${prose(row.description)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
};

const rowsOf = (schema: JsonSchema, resolve: Resolve, depth: number): Row[] => {
  const { schema: object, many } = membersOf(schema, resolve);
  if (!object || depth > MAX_DEPTH) return [];
  return Object.entries(object.properties ?? {}).flatMap(([name, property]) => [
    {
      name: many && depth === 0 ? `[].${name}` : name,
      depth,
      type: typeText(property, resolve),
      required: object.required?.includes(name) ?? false,
      description: descriptionOf(property, resolve),
    },
    ...(isCompact(property, resolve) ? [] : rowsOf(property, resolve, depth + 1)),
  ]);
};

/** Money needs no two rows of its own wherever it stands. */
const isCompact = (schema: JsonSchema, resolve: Resolve): boolean => isMoney(unwrapped(schema, resolve));

const isMoney = (schema: JsonSchema): boolean =>
  Object.keys(schema.properties ?? {})
    .toSorted()
    .join() === 'amount,currency';

/**
 * The object whose members are worth showing: the schema itself, what it may be besides null, or the items of a list.
 */
const membersOf = (schema: JsonSchema, resolve: Resolve): { schema?: JsonSchema; many: boolean } => {
  const plain = unwrapped(schema, resolve);
  if (plain.properties) return { schema: plain, many: false };
  if (plain.items) return { ...membersOf(plain.items, resolve), many: true };
  const variants = (plain.anyOf ?? plain.oneOf ?? [])
    .map((variant) => unwrapped(variant, resolve))
    .filter(({ properties }) => properties);
  if (variants.length === 0) return { many: false };
  return { schema: merged(variants), many: false };
};

/** Variants of a union side by side; what only some of them have is optional. */
const merged = (variants: readonly JsonSchema[]): JsonSchema => ({
  properties: Object.assign({}, ...variants.map(({ properties }) => properties)) as Record<string, JsonSchema>,
  required: variants[0]?.required?.filter((name) => variants.every(({ required }) => required?.includes(name))) ?? [],
});

const unwrapped = (schema: JsonSchema, resolve: Resolve): JsonSchema => {
  if (schema.$ref) return unwrapped(resolve(schema.$ref), resolve);
  const options = schema.anyOf ?? schema.oneOf;
  const [only, ...others] = (options ?? []).filter(({ type }) => type !== 'null');
  return only && others.length === 0 ? unwrapped(only, resolve) : schema;
};

const isNullable = (schema: JsonSchema): boolean =>
  (schema.anyOf ?? schema.oneOf ?? []).some(({ type }) => type === 'null');

const descriptionOf = (schema: JsonSchema, resolve: Resolve): string => {
  const description = schema.description ?? unwrapped(schema, resolve).description ?? '';
  // The type says it already: "id, ord_…".
  return description.startsWith('Identifier, ') ? '' : description;
};

const FORMAT_NAMES: Record<string, string> = {
  'date-time': 'moment',
  date: 'date',
  email: 'e-mail address',
  uri: 'address',
  uuid: 'UUID',
  binary: 'stream',
};

/** A type as a person reads it: "text, up to 120 characters", "email or in_app", "list of Money". */
export const typeText = (schema: JsonSchema, resolve: Resolve): string => {
  const suffix = isNullable(schema) ? ' or null' : '';
  const standard = schema.default === undefined ? '' : `, ${JSON.stringify(schema.default)} if not given`;
  return `${kindText(unwrapped(schema, resolve), resolve)}${suffix}${standard}`;
};

const kindText = (schema: JsonSchema, resolve: Resolve): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (isMoney(schema)) return schema.title ?? 'Money';
  const options = schema.anyOf ?? schema.oneOf;
  if (options)
    return [...new Set(options.filter(({ type }) => type !== 'null').map((option) => typeText(option, resolve)))].join(
      ' or ',
    );
  if (schema.type === 'array') return `list of ${schema.items ? typeText(schema.items, resolve) : 'anything'}`;
  if (schema.type === 'object') return schema.title ?? (schema.properties ? 'object' : 'free object');
  if (schema.type === 'integer' || schema.type === 'number')
    return `${schema.type === 'integer' ? 'whole number' : 'number'}${rangeText(schema)}`;
  if (schema.type === 'string') return textKind(schema);
  return schema.type === 'boolean' ? 'true | false' : schema.type === 'null' ? 'null' : 'anything';
};

const textKind = (schema: JsonSchema): string => {
  const prefix = /^\^([a-z]+_)\[0-9a-f\]/.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined) return `id, ${prefix}…`;
  const kind = schema.format === undefined ? 'text' : (FORMAT_NAMES[schema.format] ?? 'text');
  return schema.maxLength === undefined ? kind : `${kind}, up to ${schema.maxLength} characters`;
};

const rangeText = ({ minimum, maximum }: JsonSchema): string => {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (least !== undefined && most !== undefined) return `, ${least} to ${most}`;
  if (least !== undefined) return `, ${least} or more`;
  return most === undefined ? '' : `, ${most} at most`;
};
