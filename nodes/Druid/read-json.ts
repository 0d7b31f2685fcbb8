/**
 * A JSON text's value, or undefined when it is none. `exact` keeps whole numbers that JavaScript would round as text.
 */
export const readJson = (text: string, exact: boolean): unknown => {
  try {
    return exact ? (JSON.parse(text, keepDigits) as unknown) : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The third argument is the number as it was written. */
const keepDigits = (_key: string, value: unknown, written?: { source?: string }): unknown =>
  typeof value === 'number' && written?.source && /^-?\d+$/.test(written.source) && !Number.isSafeInteger(value)
    ? written.source
    : value;
