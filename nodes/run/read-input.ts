/** From the form's values to the operation's input. Pure: everything that cannot be read is told at once. */
import { asObject, part, unlocated, type Given, type Values } from './given.ts';
import { readFields, type FormProblem, type Reading } from './read-field.ts';
import type { MoneyReading } from './read-money.ts';
import type { Field, Route } from './route.ts';

export interface FormValues extends MoneyReading {
  /** The value of a parameter, expressions resolved; undefined when the form does not show it. */
  parameter: (name: string) => unknown;
  /** The same parameter as it is saved, with its expressions. */
  raw: (name: string) => unknown;
  /** The workflow's time zone (IANA). */
  zone: string;
}

export interface ReadInput {
  input: Values;
  problems: FormProblem[];
  /** An amount has no currency: read the form again with the shop's own. */
  needsShopCurrency: boolean;
}

/** The operation's input, and every field that cannot be read. */
export const readInput = (route: Route, { parameter, raw, ...values }: FormValues): ReadInput => {
  const optional = route.collection?.fields ?? [];
  const collected: Given = route.collection
    ? { value: parameter(route.collection.name), raw: raw(route.collection.name) }
    : { value: {}, raw: {} };
  const first = firstLevel((name) => ({ value: parameter(name), raw: raw(name) }));
  const reading: Reading = {
    ...values,
    anywhere: (name) => first(name).value ?? part(collected, name).value,
    currencyLabel: route.method === 'PATCH' ? currencyLabel(optional) : undefined,
    problems: [],
    needsShopCurrency: false,
  };
  const input: Values = {};
  const top = { path: '', label: '' };
  readFields(route.fields, { ...top, value: first }, reading, input);
  const empty = emptyNarrowing(optional, asObject(collected.value), route.command, (field) => {
    const before = reading.problems.length;
    readFields([field], { ...top, value: (name) => part(collected, name) }, reading, input);
    return field.name in input || reading.problems.length > before || reading.needsShopCurrency;
  });
  return { input, problems: [...reading.problems, ...empty], needsShopCurrency: reading.needsShopCurrency };
};

const currencyLabel = (fields: readonly Field[]): string | undefined =>
  fields.find(({ name }) => name === 'currency')?.label;

/**
 * Reads the optional fields. Returns a problem for each that was added to narrow the operation down and holds nothing:
 * left out, it would return or change more than was meant. A command may be given an empty list on purpose.
 */
const emptyNarrowing = (
  fields: readonly Field[],
  collected: Values,
  command: boolean,
  isRead: (field: Field) => boolean,
): FormProblem[] =>
  fields.flatMap((field) => {
    const { name, label, shape, narrows } = field;
    const key = [name, ...('json' in shape && shape.json !== undefined ? [shape.json] : [])].find(
      (one) => one in collected,
    );
    const given = key === undefined ? undefined : unlocated(collected[key]);
    const isEmptyFilter = key !== undefined && !command && isBlank(given);
    if ((!isEmptyFilter && isRead(field)) || narrows === undefined || key === undefined) return [];
    const without = command ? 'change more than you mean' : 'return what you did not ask for';
    const gave = JSON.stringify(given) ?? 'undefined';
    return [
      {
        path: name,
        label,
        message: `It was added and is empty: its value or expression gave ${gave}. Without it the node would ${without}. Give it a value, remove the field, or keep such items away with an If node.`,
      },
    ];
  });

/** At the first level rows come from the fields or from JSON, as the analyst chose; the other is not looked at. */
const firstLevel =
  (parameter: (name: string) => Given) =>
  (name: string): Given => {
    const nothing = { value: undefined, raw: undefined };
    const rows = /^(.+)Json$/.exec(name)?.[1];
    // A form that asks for JSON only does not show the choice.
    if (rows !== undefined) return parameter(`${rows}Input`).value === 'fields' ? nothing : parameter(name);
    return parameter(`${name}Input`).value === 'json' ? nothing : parameter(name);
  };

const isBlank = (value: unknown): boolean => {
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isBlank);
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
};
