import { z } from 'zod';

type Def = z.core.$ZodTypeDef & Record<string, unknown>;

/** Changes one schema's definition; its parts were changed before. */
type Change = (definition: Def) => Def;

const isSchema = (value: unknown): value is z.core.$ZodType => value instanceof z.core.$ZodType;

/**
 * A copy of a schema in which every part went through `change`, whatever it is made of: members, elements, options,
 * keys, both ends of a pipe. What `isLeft` names stays as it is, its parts too.
 */
export const remade = <Of extends z.core.$ZodType>(
  schema: Of,
  change: Change,
  isLeft: (schema: z.core.$ZodType) => boolean = () => false,
): Of => {
  const known = new Map<z.core.$ZodType, z.core.$ZodType>();
  const visit = (one: z.core.$ZodType): z.core.$ZodType => {
    const before = known.get(one);
    if (before) return before;
    if (isLeft(one)) return one;
    const parts = Object.fromEntries(
      Object.entries(one._zod.def).map(([name, part]: [string, unknown]) => [name, visitPart(part)]),
    );
    const made = z.core.clone(one, change({ ...one._zod.def, ...parts }));
    known.set(one, made);
    return made;
  };
  const visitPart = (part: unknown): unknown => {
    if (isSchema(part)) return visit(part);
    if (Array.isArray(part)) return part.map((each: unknown) => (isSchema(each) ? visit(each) : each));
    return isShape(part)
      ? Object.fromEntries(Object.entries(part).map(([name, member]) => [name, visit(member)]))
      : part;
  };
  return visit(schema) as Of;
};

const isShape = (part: unknown): part is Record<string, z.core.$ZodType> =>
  part !== null &&
  typeof part === 'object' &&
  Object.getPrototypeOf(part) === Object.prototype &&
  Object.values(part).every(isSchema);

const open = z.registry<object>();

/**
 * An input that people fill with a whole event or answer, as in `{{ $json.data }}`: of it the declared fields are
 * taken, at every depth, and the others are let by.
 */
export const takingWhole = <Of extends z.ZodType>(schema: Of): Of => {
  open.add(schema, {});
  return schema;
};

/** Schema of an input: a field that an object does not declare is refused instead of dropped. */
export const refusingUnknown = <Of extends z.core.$ZodType>(schema: Of): Of =>
  remade(
    schema,
    (definition) =>
      definition.type === 'object' && definition['catchall'] === undefined
        ? { ...definition, catchall: z.never() }
        : definition,
    (one) => open.has(one),
  );

/** Schema of an output: without rules (`refine`), so that data stored before a rule existed can still be read. */
export const readable = <Of extends z.core.$ZodType>(schema: Of): Of =>
  remade(schema, (definition) => ({
    ...definition,
    ...(Array.isArray(definition['checks']) && { checks: definition['checks'].filter((check) => !isRule(check)) }),
  }));

const isRule = (check: unknown): boolean => check instanceof z.core.$ZodCheck && check._zod.def.check === 'custom';
