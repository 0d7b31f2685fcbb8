import type { z } from 'zod';

/** One way to read a setting from text. */
export interface Kind<Value> {
  /** The value, or undefined when the text is not of this kind. */
  read(text: string): Value | undefined;
  /** Completes "it should be …". */
  expected: string;
  /** The value as it would be written in the environment, for the table of settings. */
  write(value: Value): string;
  /** The setting may stay unset, then its value is undefined. */
  isOptional?: true;
}

interface Bounds {
  min: number;
  max: number;
}

const wholeNumber =
  (what: string) =>
  ({ min, max }: Bounds): Kind<number> => ({
    read: (text) => {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
    expected: `${what} from ${min} to ${max}`,
    write: String,
  });

/** Whatever a Zod schema makes of the text. */
const parsed = <Value>(
  schema: z.ZodType<Value, string>,
  expected: string,
  write: (value: Value) => string = String,
): Kind<Value> => ({
  read: (text) => schema.safeParse(text).data,
  expected,
  write,
});

const choice = <const Option extends string>(...options: readonly [Option, Option, ...Option[]]): Kind<Option> => ({
  read: (text) => options.find((option) => option === text),
  expected: `${options.slice(0, -1).join(', ')} or ${options.at(-1) ?? ''}`,
  write: String,
});

const YES_OR_NO = new Map([
  ['true', true],
  ['false', false],
]);

const boolean: Kind<boolean> = { read: (text) => YES_OR_NO.get(text), expected: 'true or false', write: String };

const optional = <Value>(kind: Kind<Value>): Kind<Value | undefined> => ({
  ...kind,
  write: (value) => (value === undefined ? '' : kind.write(value)),
  isOptional: true,
});

/** Parts separated by commas, each of one kind; an empty text is an empty list. */
const list = <Value>(part: Kind<Value>, { max }: { max: number }): Kind<Value[]> => ({
  read: (text) => {
    const texts = text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const values = texts.map((one) => part.read(one)).filter((value) => value !== undefined);
    return values.length === texts.length && values.length <= max ? values : undefined;
  },
  expected: `at most ${max} values separated by commas, each ${part.expected}`,
  write: (values) => values.map((value) => part.write(value)).join(','),
});

const url = (...protocols: readonly string[]): Kind<string> => ({
  read: (text) =>
    protocols.some((protocol) => text.startsWith(`${protocol}://`)) && URL.canParse(text) ? text : undefined,
  expected: `a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  write: String,
});

/** The kinds a setting can have. Durations are whole numbers in the unit that the name of the kind says. */
export const kinds = {
  integer: wholeNumber('a whole number'),
  milliseconds: wholeNumber('a whole number of milliseconds'),
  minutes: wholeNumber('a whole number of minutes'),
  hours: wholeNumber('a whole number of hours'),
  days: wholeNumber('a whole number of days'),
  boolean,
  choice,
  list,
  url,
  parsed,
  optional,
};
