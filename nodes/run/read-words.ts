/** The words of a message and the values that fill them in, from the form. Pure. */
import { asObject, isEmpty, type Given, type Values } from './given.ts';

/** Placeholders are what the analyst wrote: in the result of an expression they came with a value, and stay text. */
export const asLiquid = ({ value, raw }: Given): unknown =>
  typeof value === 'string' && typeof raw === 'string' && raw.startsWith('=')
    ? value.replace(/\{[{%]/g, (begin) => `{{ '${begin}' }}`)
    : value;

/** Values by their paths (order.number), or the whole object where an expression or version 1 of the node gave it. */
export const readMapped = (given: unknown, readJson: (text: unknown) => unknown): unknown => {
  if (isEmpty(given)) return undefined;
  const { mappingMode, value, schema } = asObject(given);
  if (mappingMode === undefined) return readJson(given);
  const types = new Map((Array.isArray(schema) ? schema : []).map(asObject).map(({ id, type }) => [id, type]));
  const entries = Object.entries(asObject(value)).filter(([, one]) => one !== undefined && one !== null);
  if (entries.length === 0) return undefined;
  return nested(
    entries.map(([path, one]): [string[], unknown] => [
      path.split('.'),
      ['object', 'array'].includes(String(types.get(path))) ? readJson(one) : one,
    ]),
  );
};

const nested = (entries: [string[], unknown][]): Values => {
  const names = [...new Set(entries.map(([[name = '']]) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const below = entries.filter(([[first]]) => first === name);
      const own = below.find(([path]) => path.length === 1);
      return [name, own ? own[1] : nested(below.map(([[, ...rest], value]) => [rest, value]))];
    }),
  );
};
