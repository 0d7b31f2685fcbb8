import { z } from 'zod';
import { nearestName } from '../text/nearest.ts';

type Issue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'this is not an e-mail address',
  url: 'this is not a web address, for example https://example.com',
  uuid: 'this is not a UUID',
  date: 'this is not a day such as 2026-11-23',
  datetime: 'a moment looks like 2026-11-23T10:00:00Z (ISO 8601)',
};

/**
 * The faults of an input, in sentences for people. Zod's own ("expected int, received number") name its types; these
 * replace them wherever a schema brings no words of its own.
 */
export const plainWords = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(issue.expected, issue.input);
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'this does not have the form that is needed';
    case 'invalid_value':
      return oneOf(issue.values);
    case 'not_multiple_of':
      return `this has to be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return unknownFields(issue.keys, namesOf(issue.inst));
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'this name is not allowed here';
    case 'invalid_union':
      return nearestFit(issue);
    default:
      return 'this is not valid';
  }
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : (KINDS[typeof value] ?? 'something else');
};

const wrongKind = (expected: string, given: unknown): string =>
  given === undefined
    ? 'this is required'
    : `this has to be ${KINDS[expected] ?? `of the kind ${expected}`}, not ${kindOf(given)}`;

const isBeyondExact = (limit: number | bigint): boolean => Math.abs(Number(limit)) >= Number.MAX_SAFE_INTEGER;
const counted = (count: number | bigint, one: string, many: string): string =>
  `${count} ${Number(count) === 1 ? one : many}`;

const tooSmall = ({ origin, minimum, inclusive }: Issue & { code: 'too_small' }): string => {
  if (origin === 'string')
    return Number(minimum) === 1
      ? 'this cannot be empty'
      : `this needs ${counted(minimum, 'character', 'characters')} at least`;
  if (origin === 'array' || origin === 'set')
    return Number(minimum) === 1
      ? 'this list cannot be empty'
      : `this needs ${counted(minimum, 'entry', 'entries')} at least`;
  if (isBeyondExact(minimum)) return 'this number is too small to be kept exactly';
  return inclusive === false ? `this has to be more than ${minimum}` : `this has to be ${minimum} or more`;
};

const tooBig = ({ origin, maximum, inclusive }: Issue & { code: 'too_big' }): string => {
  if (origin === 'string') return `this can have ${counted(maximum, 'character', 'characters')} at most`;
  if (origin === 'array' || origin === 'set') return `this can have ${counted(maximum, 'entry', 'entries')} at most`;
  if (isBeyondExact(maximum)) return 'this number is too large to be kept exactly';
  return inclusive === false ? `this has to be less than ${maximum}` : `this has to be ${maximum} or less`;
};

const oneOf = (values: readonly unknown[]): string => {
  const shown = values.slice(0, 20).map(String);
  if (shown.length === 1) return `this has to be ${shown.join('')}`;
  return `this has to be one of ${shown.join(', ')}${values.length > shown.length ? ' …' : ''}`;
};

const namesOf = (schema: unknown): string[] =>
  schema instanceof z.core.$ZodObject ? Object.keys(schema._zod.def.shape) : [];

const unknownFields = (keys: readonly string[], known: readonly string[]): string =>
  keys
    .slice(0, 10)
    .map((key) => {
      const meant = nearestName(key, known);
      const hint = meant
        ? `: did you mean "${meant}"?`
        : known.length > 0
          ? `; the fields are ${known.slice(0, 20).join(', ')}`
          : '';
      return `there is no field "${key.slice(0, 60)}" here${hint}`;
    })
    .join('. ');

/** Of a union the member that fits best: what is wrong with it, and where. */
const nearestFit = ({ errors, options }: Issue & { code: 'invalid_union' }): string => {
  if (Array.isArray(options)) return oneOf(options as unknown[]);
  const [first] =
    errors.filter((issues) => issues.length > 0).toSorted((left, right) => left.length - right.length)[0] ?? [];
  if (!first) return 'this fits none of the forms that are allowed here';
  const where = first.path.map(String).join('.');
  return where === '' ? first.message : `${where}: ${first.message}`;
};

/** Lets every schema of this process speak plainly. */
export const speakPlainly = (): void => {
  z.config({ localeError: plainWords });
};
