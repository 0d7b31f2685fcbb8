/** What an input is to its operation: what it is about, or what narrows it down. Build time only. */
import type { Operation } from '../../microservices/chassis/contract/index.ts';
import type { Field } from '../run/route.ts';
import type { OperationFace } from './face.ts';

/**
 * Inputs that say whom or what a command is about. A reference or a reason may be written anew in each attempt, so they
 * do not count.
 */
const NAMES_THE_SUBJECT = /(Id|^sku|^code|^email|^template|^channel|^type|^subject|^service)$/;

/** Of the inputs that a form asks for first, those that name what a command acts on. */
export const subjectOf = (
  { declared, face }: { declared: Operation; face: OperationFace },
  asked: readonly string[],
): string[] =>
  asked.filter(
    (name) =>
      declared.path.includes(`{${name}}`) || NAMES_THE_SUBJECT.test(name) || (face.subject?.includes(name) ?? false),
  );

/** In a command, these name what it acts on: a command without its lines or its amount acts on everything there is. */
const NAMES_A_PART = /(Ids?|[sS]kus?|Version)$/;

/**
 * True for an optional field without which the operation returns or changes more. Every optional input of a query
 * filters.
 */
export const isNarrowing = ({ name, shape }: Field, command: boolean): boolean => {
  if (!command) return true;
  if ('nullable' in shape) return false;
  return NAMES_A_PART.test(name) || shape.as === 'rows' || shape.as === 'money';
};
