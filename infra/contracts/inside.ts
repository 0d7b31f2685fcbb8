import type { z } from 'zod';

export type Inside = readonly [path: string, schema: z.core.$ZodType];

/** The schemas directly inside another one. */
const inside = (path: string, schema: z.core.$ZodType): Inside[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).map(([name, field]) => [`${path}.${name}`, field]);
    case 'array':
      return [[path, def.element]];
    case 'record':
      return [[path, def.valueType]];
    case 'union':
      return def.options.map((option) => [path, option]);
    case 'intersection':
      return [def.left, def.right].map((side) => [path, side]);
    case 'tuple':
      return def.items.map((item) => [path, item]);
    case 'pipe':
      return [[path, def.in]];
    case 'lazy':
      return [[path, def.getter()]];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return [[path, def.innerType]];
    default:
      return [];
  }
};

/** Paths of the schemas inside one, itself included, of which something is true. */
export const pathsWhere = (
  path: string,
  schema: z.core.$ZodType,
  isTrue: (schema: z.core.$ZodType) => boolean,
  above: readonly z.core.$ZodType[] = [],
): string[] =>
  above.includes(schema)
    ? []
    : [
        ...(isTrue(schema) ? [path] : []),
        ...inside(path, schema).flatMap(([name, inner]) => pathsWhere(name, inner, isTrue, [...above, schema])),
      ];
