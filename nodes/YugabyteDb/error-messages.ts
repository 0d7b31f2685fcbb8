/** Explains the database's errors: what happened, to which value, and what to do. */
import { StoreError } from '../datastore/error.ts';
import type { Where } from './connection.ts';
import { connectionFailure } from './connection-errors.ts';
import type { Statement } from './session.ts';

/** The fields that the database sends with an error. */
interface DatabaseError extends Error {
  code?: string;
  detail?: string;
  hint?: string;
  table?: string;
  column?: string;
  constraint?: string;
  position?: string;
  statement?: Statement;
}

export const explain = (error: unknown, where: Where): StoreError => {
  if (error instanceof StoreError) return error;
  const thrown: DatabaseError = error instanceof Error ? error : new Error(String(error));
  const known = WORDS[thrown.code ?? ''] ?? (thrown.code?.startsWith('22') ? invalidValue : undefined);
  if (known) return known(thrown, where);
  return connectionFailure(thrown, where) ?? other(thrown);
};

type Words = (error: DatabaseError, where: Where) => StoreError;
const say = (code: string, message: string, advice: string): StoreError => new StoreError(code, message, advice);
const detailOf = ({ detail }: DatabaseError): string => (detail ? ` ${detail}` : '');

const unique: Words = (error) =>
  say(
    'UNIQUE_VIOLATION',
    `The table "${error.table}" already holds such a row.${detailOf(error)} The constraint is "${error.constraint}".`,
    'Use Upsert to change the row that is there, or the option Skip on Conflict to leave it alone.',
  );

const foreignKey: Words = (error) =>
  say(
    'FOREIGN_KEY_VIOLATION',
    `The constraint "${error.constraint}" of the table "${error.table}" refuses it.${detailOf(error)}`,
    'Write the row that is referred to first; before deleting one, delete the rows that refer to it.',
  );

const notNull: Words = (error) =>
  say(
    'NOT_NULL_VIOLATION',
    `The column "${error.column}" of the table "${error.table}" must have a value, and has none.`,
    'Give it a value in the node or in the item.',
  );

const check: Words = (error) =>
  say(
    'CHECK_VIOLATION',
    `The constraint "${error.constraint}" of the table "${error.table}" refuses it.${detailOf(error)}`,
    'Look at what the constraint asks for, and correct the value.',
  );

/** Which of the values the database speaks of: the one it quotes, or the only one of the type it names. */
const suspect = ({ message, detail, statement }: DatabaseError): { name: string; value: unknown } | undefined => {
  const quote = /: "([\s\S]*)"$|value "([\s\S]*?)" is/.exec(message);
  const text = quote?.[1] ?? quote?.[2];
  const field = /precision (\d+), scale (\d+)/.exec(detail ?? '');
  const type = field ? `numeric(${field[1]},${field[2]})` : /for type (.+?)(?:: |$)/.exec(message)?.[1];
  const about = (statement?.values ?? []).map((value, index) => ({
    name: statement?.about?.[index]?.column,
    type: statement?.about?.[index]?.type,
    label: statement?.about?.[index] ? '' : `$${index + 1}`,
    value,
  }));
  const quotedOnes = about.filter(({ value }) => text !== undefined && String(value) === text);
  const typed = about.filter((one) => one.type !== undefined && one.type === type);
  const [found] = quotedOnes.length > 0 ? quotedOnes : longest(typed);
  return found && { name: found.name === undefined ? found.label : `the column "${found.name}"`, value: found.value };
};

/** "value too long for type character varying(5)": the longest of that type is one that is too long. */
const longest = <One extends { value: unknown }>(ones: One[]): One[] =>
  ones.toSorted((left, right) => String(right.value).length - String(left.value).length);

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

const invalidValue: Words = (error) => {
  const found = suspect(error);
  return say(
    'INVALID_VALUE',
    found
      ? `The value "${shown(found.value)}" for ${found.name} is refused: ${error.message}.`
      : `A value is refused: ${error.message}.`,
    `Give a value of the column's type.${detailOf(error)}`,
  );
};

const syntax: Words = (error) => {
  if (/multiple commands/.test(error.message))
    return say(
      'SEVERAL_STATEMENTS',
      'The query holds several statements, and one can be executed at a time.',
      'Use one node for each. To have all of them done or none, call a function, or write one statement with WITH.',
    );
  const expression = error.statement?.text.includes('{{') ?? false;
  return say(
    'SYNTAX_ERROR',
    `The query cannot be read: ${error.message}${near(error)}.`,
    expression
      ? 'Expressions are not resolved inside the query: write $1, $2 … and give them as query parameters.'
      : 'Correct the query.',
  );
};

/** Where in the text it went wrong. */
const near = ({ position, statement }: DatabaseError): string => {
  const at = Number(position);
  if (!statement || !Number.isInteger(at) || at < 1) return '';
  const before = statement.text.slice(0, at - 1);
  return ` (line ${before.split('\n').length}, character ${at - before.lastIndexOf('\n') - 1})`;
};

const parameters: Words = (error) =>
  say(
    'PARAMETER_MISMATCH',
    `The query and its parameters do not fit: ${error.message}.`,
    'Give one value for each of $1, $2 …, in their order.',
  );

const untyped: Words = (error) =>
  say(
    'PARAMETER_MISMATCH',
    `The database cannot tell the type of a parameter: ${error.message}.`,
    'Write the type behind it, for example $1::text or $1::int.',
  );

const noSuch =
  (code: string, advice: string): Words =>
  (error) =>
    say(code, `${sentence(error.message)}${near(error)}.`, error.hint ? `${error.hint} ${advice}` : advice);

const denied: Words = (error, { user }) =>
  say(
    'ACCESS_DENIED',
    `The user "${user}" may not do this: ${error.message}.`,
    'Grant the right to the user (GRANT … ON …), or use another credential.',
  );

const timeout: Words = (error) =>
  say(
    'TIMEOUT',
    `The statement was ended before it was done: ${error.message}.`,
    'Raise the option Statement Timeout, or make it faster: an index, a narrower condition.',
  );

const conflict: Words = (error) =>
  say(
    'SERIALIZATION_FAILURE',
    `Others changed the same rows at the same time, in every attempt: ${error.message}.`,
    'Run it again later, or raise the option Attempts.',
  );

const noConflictTarget: Words = () =>
  say(
    'NO_UNIQUE_CONSTRAINT',
    'The table has no unique constraint or primary key on exactly the columns to match on.',
    'Match on the columns of the primary key or of one unique constraint, all of them.',
  );

const generated: Words = (error) =>
  say(
    'GENERATED_COLUMN',
    `${sentence(error.message)}.${detailOf(error)}`,
    'Leave that column out: the database fills it.',
  );

const readOnly: Words = (error) =>
  say('READ_ONLY', `${sentence(error.message)}.`, 'Use a connection to a node that takes writes.');

const transactionGone: Words = (error) =>
  say(
    'TRANSACTION_ENDED',
    `${sentence(error.message)}.`,
    'Leave out BEGIN, COMMIT and ROLLBACK; use the option Batching.',
  );

const WORDS: Record<string, Words> = {
  '08P01': parameters,
  '22023': (error, where) => (/parameter/.test(error.message) ? parameters(error, where) : invalidValue(error, where)),
  '23502': notNull,
  '23503': foreignKey,
  '23505': unique,
  '23514': check,
  '23P01': check,
  '25006': readOnly,
  '25P02': transactionGone,
  '40001': conflict,
  '40P01': conflict,
  '42501': denied,
  '42601': syntax,
  '42703': noSuch('COLUMN_NOT_FOUND', 'Check the column’s name; one with upper case needs double quotes.'),
  '42804': invalidValue,
  '42883': noSuch('NOT_POSSIBLE', 'Check the types that are compared, or choose another comparison.'),
  '42P01': noSuch('TABLE_NOT_FOUND', 'Check the table’s name and schema; one with upper case needs double quotes.'),
  '42P10': noConflictTarget,
  '42P18': untyped,
  '428C9': generated,
  '55P03': timeout,
  '57014': timeout,
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const other = ({ message, code, detail, hint }: DatabaseError): StoreError =>
  say(
    'DATABASE_ERROR',
    `The database refused it: ${message}${code ? ` (${code})` : ''}.`,
    [detail, hint].filter(Boolean).join(' ') || 'Look up the code in PostgreSQL’s list of error codes.',
  );
