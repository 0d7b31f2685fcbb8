/** Reads the form of an item, the same way for every datastore node. */
import { StoreError } from './error.ts';

/** A parameter of the item, resolved; null where the form does not show it. */
export type Parameter = (name: string) => unknown;

export const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const optionOf = (parameter: Parameter, name: string): unknown => asObject(parameter('options'))[name];

/** The value of a resource locator, or a plain text from an expression; empty where there is none. */
export const located = (value: unknown): string => {
  const inside = typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value;
  return typeof inside === 'string' ? inside : '';
};

/** The rows of a fixed collection. */
export const rowsIn = (parameter: Parameter, name: string, row: string): Record<string, unknown>[] => {
  const rows = asObject(parameter(name))[row];
  return Array.isArray(rows) ? rows.map(asObject) : [];
};

/** Limit and Return All; undefined for all. */
export const limitOf = (parameter: Parameter): number | undefined =>
  parameter('returnAll') === true ? undefined : Math.max(1, Math.trunc(Number(parameter('limit') ?? 50)) || 50);

/**
 * The text of a query. n8n leaves expressions in it as they are, because the field takes none. Throws StoreError when
 * it is empty.
 */
export const queryOf = (parameter: Parameter, advice: string): string => {
  const text = parameter('query');
  if (typeof text === 'string' && text.trim() !== '') return text;
  throw new StoreError('INVALID_INPUT', 'The query is empty.', advice);
};

/**
 * The values of a query in their order, from rows or from a list. Throws StoreError, with `advice`, when the list is
 * none.
 */
export const parametersOf = (parameter: Parameter, advice: string): unknown[] => {
  if (parameter('parametersInput') !== 'json')
    return rowsIn(parameter, 'parameters', 'parameter').map(({ value }) => value);
  const given = parameter('parametersJson');
  const value = typeof given === 'string' ? parsed(given) : given;
  if (Array.isArray(value)) return value as unknown[];
  if (value === null || value === undefined || value === '') return [];
  throw new StoreError(
    'INVALID_INPUT',
    `Parameters (JSON) takes a list; it got ${JSON.stringify(value).slice(0, 100)}.`,
    advice,
  );
};

/** The value of a JSON text; the text itself where it is none. */
export const parsed = (text: string): unknown => {
  if (text.trim() === '') return '';
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The operation that the form names. Throws StoreError where there is none of that name. */
export const operationIn = <Operation>(operations: Record<string, Operation>, parameter: Parameter): Operation => {
  const name = `${String(parameter('resource'))}.${String(parameter('operation'))}`;
  const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (found !== undefined) return found;
  throw new StoreError('INVALID_INPUT', `There is no operation "${name}".`, 'Choose one of the list.');
};

/** Asks for each name once in an execution; a failed question is asked again. */
export const askOnce = <Answer>(): ((name: string, ask: () => Promise<Answer>) => Promise<Answer>) => {
  const known = new Map<string, Promise<Answer>>();
  return (name, ask) => {
    const asked = known.get(name) ?? ask();
    known.set(name, asked);
    asked.catch(() => known.delete(name));
    return asked;
  };
};
