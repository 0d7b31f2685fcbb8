/** One input of a contract as a field of an n8n form, and how its value gets back into the request. Build time only. */
import { listOfChoices, isMoney, isRecord, unwrapped, type JsonSchema } from './json-schema.ts';
import { description, singular, titleCase } from './labels.ts';
import { currencies, type PickerChoice } from './pickers.ts';
import { chosenTexts, object, record, rows, texts } from './field/groups.ts';
import { described, type Base, type Empties, type FieldContext, type FormField, type Made } from './field/made.ts';
import { minorUnits, money } from './field/money.ts';
import { mapped } from './field/mapped.ts';
import { choice, choices, json, liquid, locator, number, text, toggle } from './field/simple.ts';

/** Reads one property of an input schema. `required` is what the contract says; null counts as given. */
export const formField = (name: string, declared: JsonSchema, required: boolean, context: FieldContext): FormField => {
  const { schema, nullable } = unwrapped(declared);
  const picker = pickerOf(name, schema, context);
  const label = context.labels[name] ?? picker?.title ?? titleCase(name);
  const made = shaped(name, label, { ...schema, ...pickedUp(declared) }, nullable, context, picker);
  return {
    field: {
      name,
      label,
      shape: made.shape,
      ...(required && (nullable ? { elseNull: true } : { required: true })),
    },
    properties: made.properties,
    pickers: [...(made.pickers ?? []), ...(picker && schema.type === 'string' ? [picker] : [])],
  };
};

/** Version 1 has no lists in rows, and none of currencies. */
const pickerOf = (
  name: string,
  schema: JsonSchema,
  { edition, ...context }: FieldContext,
): PickerChoice | undefined => {
  if (context.fresh.includes(name) || (edition === 1 && context.inRow)) return undefined;
  const isCurrency = schema.type === 'string' && schema.pattern === '^[A-Z]{3}$';
  return context.pickers[name] ?? (edition > 1 && isCurrency ? currencies : undefined);
};

/** Keywords beside a union of a schema and null belong to the field too. */
const pickedUp = (declared: JsonSchema): JsonSchema => ({
  ...(declared.description !== undefined && { description: declared.description }),
  ...(declared.default !== undefined && declared.default !== null && { default: declared.default }),
});

const shaped = (
  name: string,
  label: string,
  schema: JsonSchema,
  nullable: boolean,
  context: FieldContext,
  picker: PickerChoice | undefined,
): Made => {
  const base = { displayName: label, name, ...described(description(schema.description)) };
  const empties = nullable ? ({ nullable: true } as const) : {};
  const several = listOfChoices(schema);
  const how = context.mapped[name];
  if (how) return mapped(base, how, context.edition);
  if (context.whole.includes(name)) return json(base, schema, empties);
  if (isMoney(schema)) return money(base, context.edition);
  if (several) return context.edition > 1 ? choices(base, several) : choice(base, several, empties);
  if (schema.type === 'array') return list(base, schema, context);
  if (isRecord(schema)) return record(base, schema, context.inRow ?? false, empties);
  if (schema.type === 'object')
    return context.inRow ? json(base, schema, empties) : object(base, inside(schema, context), empties);
  if (schema.enum) return choice(base, schema, empties);
  if (schema.type === 'boolean') return { shape: { as: 'value' }, properties: [toggle(base, schema)] };
  if (schema.type === 'integer' || schema.type === 'number') return amountOrNumber(base, schema, nullable, context);
  if (schema.type === 'string' && schema.format === 'date-time')
    return { shape: { as: 'moment', ...empties }, properties: [{ ...base, type: 'dateTime', default: '' }] };
  if (schema['x-liquid']) return { shape: { as: 'liquid' }, properties: [liquid(base, schema)] };
  if (schema.type === 'string')
    return {
      shape: { as: 'value', ...empties },
      properties: [picker ? locator(base, schema, picker) : text(base, schema, nullable)],
    };
  return json(base, schema, empties);
};

const amountOrNumber = (base: Base, schema: JsonSchema, nullable: boolean, { edition }: FieldContext): Made => {
  const empties: Empties = nullable ? { nullable: true } : {};
  const currency = schema['x-minorUnitsOf'];
  if (currency !== undefined && edition > 1) return minorUnits(base, schema, currency, empties);
  return { shape: { as: 'value', ...empties }, properties: [number(base, schema, nullable)] };
};

const list = (base: Base, schema: JsonSchema, context: FieldContext): Made => {
  const items = schema.items ? unwrapped(schema.items).schema : {};
  if (items.type === 'object' && items.properties && !context.inRow) return rows(base, items, inside(items, context));
  const picker = items.type === 'string' ? pickerOf(singular(base.name), items, context) : undefined;
  if (picker && !context.inRow && context.edition > 1) return chosenTexts(base, items, picker);
  return items.type === 'string' ? texts(base) : json(base, { ...schema, default: schema.default ?? [] }, {});
};

const inside = (schema: JsonSchema, context: FieldContext): FormField[] =>
  Object.entries(schema.properties ?? {}).map(([name, declared]) =>
    formField(name, declared, schema.required?.includes(name) ?? false, { ...context, inRow: true }),
  );
