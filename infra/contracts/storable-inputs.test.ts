import { z } from 'zod';
import { allContracts } from '../../ai/contracts.ts';
import { operationsOf } from '../../microservices/chassis/contract/identifiers.ts';
import { pathsWhere } from './inside.ts';

/** Passwords may be any text: only their hash is stored. */
const HASHED = /\.(password|currentPassword|newPassword)$/;
const ANY = ['a', 'a@b.example', 'https://a.example/a', '2026-01-01T00:00:00Z', 'a'.repeat(32)];

/** Whether a schema takes a NUL or half a surrogate pair in a text, or in a name of free data. */
const takesUnstorable = (schema: z.core.$ZodType): boolean => {
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  const evil = ANY.flatMap((text) => [`${text}\u0000`, `${text}\ud800`]);
  if (type === 'string') return evil.some((text) => z.safeParse(schema, text).success);
  return (
    type === 'record' && evil.some((text) => [1, 'a'].some((value) => z.safeParse(schema, { [text]: value }).success))
  );
};

test('no input takes a NUL or half a surrogate pair, which no database stores', () => {
  const faults = operationsOf(allContracts).flatMap(({ contract, name, declared }) =>
    pathsWhere(`${contract.domain}.${name}`, declared.input, takesUnstorable),
  );
  expect(faults.filter((path) => !HASHED.test(path))).toEqual([]);
});

test('the search finds a text that takes one, however deep it is', () => {
  const schema = z.object({
    a: z.array(z.object({ b: z.union([z.int(), z.string().max(9)]).optional() })),
    c: z.url(),
  });
  expect(pathsWhere('it', schema, takesUnstorable)).toEqual(['it.a.b', 'it.c']);
});

/** Inputs of several lines; every other text is one line. */
const SEVERAL_LINES =
  /\.(description|seoDescription|reason|note|detail|evidence|addOrderNote\.text|sendNotification(\.translations)?\.text|saveTemplate\.(text|html)|draft\.(text|html)|attributes|metadata|conditions\.value)$/;

/** What happened is recorded as it was: a line that is refused would be missing from the trail. */
const AS_IT_WAS = /^audit\.recordEntries\.entries\./;

/** Whether a text with one of these characters in it comes out of a schema with it. */
const keeps =
  (characters: readonly string[]) =>
  (schema: z.core.$ZodType): boolean =>
    (schema as z.core.$ZodTypes)._zod.def.type === 'string' &&
    ANY.some((text) =>
      characters.some((character) => {
        const read = z.safeParse(schema, `${text.slice(0, 1)}${character}${text}`);
        return read.success && String(read.data).includes(character);
      }),
    );

const inputsThat = (isTrue: (schema: z.core.$ZodType) => boolean): string[] =>
  operationsOf(allContracts)
    .flatMap(({ contract, name, declared }) => pathsWhere(`${contract.domain}.${name}`, declared.input, isTrue))
    .filter((path) => !HASHED.test(path) && !AS_IT_WAS.test(path));

test('every text of an input is one line, unless it is known to have several', () => {
  const several = inputsThat(keeps(['\n', '\r', '\t', '\u0085', '\u2028']));
  expect(several.filter((path) => !SEVERAL_LINES.test(path))).toEqual([]);
  expect(several.length).toBeGreaterThan(10);
});

test('and no text has other control characters, but for values that filters compare', () => {
  const controlled = inputsThat(keeps(['\u001b', '\u0007', '\u007f', '\u009b']));
  expect(controlled.filter((path) => !/conditions\.value$/.test(path))).toEqual([]);
});
