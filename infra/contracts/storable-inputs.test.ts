import { z } from 'zod';
import { allContracts } from '../../ai/contracts.ts';
import { operationsOf } from '../../microservices/chassis/contract/identifiers.ts';

/** Passwords may be any text: only their hash is stored. */
const HASHED = /\.(password|currentPassword|newPassword)$/;
const ANY = ['a', 'a@b.example', 'https://a.example/a', '2026-01-01T00:00:00Z', 'a'.repeat(32)];

type Inside = readonly [path: string, schema: z.core.$ZodType];

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

/** Whether a schema takes a NUL or half a surrogate pair in a text, or in a name of free data. */
const takesUnstorable = (schema: z.core.$ZodType): boolean => {
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  const evil = ANY.flatMap((text) => [`${text}\u0000`, `${text}\ud800`]);
  if (type === 'string') return evil.some((text) => z.safeParse(schema, text).success);
  return (
    type === 'record' && evil.some((text) => [1, 'a'].some((value) => z.safeParse(schema, { [text]: value }).success))
  );
};

const takingUnstorable = (path: string, schema: z.core.$ZodType, above: readonly z.core.$ZodType[] = []): string[] =>
  above.includes(schema)
    ? []
    : [
        ...(takesUnstorable(schema) ? [path] : []),
        ...inside(path, schema).flatMap(([name, inner]) => takingUnstorable(name, inner, [...above, schema])),
      ];

test('no input takes a NUL or half a surrogate pair, which no database stores', () => {
  const faults = operationsOf(allContracts).flatMap(({ contract, name, declared }) =>
    takingUnstorable(`${contract.domain}.${name}`, declared.input),
  );
  expect(faults.filter((path) => !HASHED.test(path))).toEqual([]);
});

test('the search finds a text that takes one, however deep it is', () => {
  const schema = z.object({
    a: z.array(z.object({ b: z.union([z.int(), z.string().max(9)]).optional() })),
    c: z.url(),
  });
  expect(takingUnstorable('it', schema)).toEqual(['it.a.b', 'it.c']);
});
