/** A value of the form beside the expression that gave it. */
export interface Given {
  value: unknown;
  /** The parameter as it is saved: an expression begins with "=". */
  raw: unknown;
}

export type Values = Record<string, unknown>;

export const asObject = (value: unknown): Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};

/** A part of a group of fields. */
export const part = ({ value, raw }: Given, name: string): Given => ({
  value: asObject(value)[name],
  raw: asObject(raw)[name],
});

/** A row of several. */
export const row = ({ value, raw }: Given, index: number): Given => ({
  value: Array.isArray(value) ? (value as unknown[])[index] : undefined,
  raw: Array.isArray(raw) ? (raw as unknown[])[index] : undefined,
});

/** A resource locator's value. */
export const unlocated = (given: unknown): unknown => {
  const object = asObject(given);
  return '__rl' in object ? object['value'] : given;
};

/** The text of a field or of a resource locator, trimmed; empty for anything else. */
export const textOf = (given: unknown): string => {
  const value = unlocated(given);
  return typeof value === 'string' ? value.trim() : '';
};

export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** A value as messages show it. */
export const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? String(value);

/** A JSON text read, or the reason in words why it is none. */
export const parsedJson = (given: unknown): { json: unknown } | { fault: string } => {
  if (typeof given !== 'string') return { json: given };
  try {
    return { json: JSON.parse(given) };
  } catch (error) {
    return { fault: `The JSON cannot be read: ${error instanceof Error ? error.message : String(error)}.` };
  }
};
