import { z } from 'zod';
import { speakPlainly } from './plain-words.ts';

speakPlainly();

const saysOf = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value).error?.issues[0]?.message;

describe('what is wrong with an input', () => {
  test.each([
    [z.int(), 1.5, 'this has to be a whole number, not 1.5'],
    [z.int(), '1', 'this has to be a number, not text'],
    [z.int(), 2 ** 60, 'this number is too large to be kept exactly'],
    [z.int().max(5), 6, 'this has to be 5 or less'],
    [z.int().min(1), 0, 'this has to be 1 or more'],
    [z.string(), undefined, 'this is required'],
    [z.string(), null, 'this has to be text, not null'],
    [z.boolean(), 'yes', 'this has to be true or false, not text'],
    [z.string().max(1), 'ab', 'this can have 1 character at most'],
    [z.string().min(1), '', 'this cannot be empty'],
    [z.array(z.int()).max(2), [1, 2, 3], 'this can have 2 entries at most'],
    [z.array(z.int()).min(1), [], 'this list cannot be empty'],
    [z.object({}), [], 'this has to be an object, not a list'],
    [z.enum(['draft', 'published']), 'x', 'this has to be one of draft, published'],
    [z.literal('cart'), 'x', 'this has to be cart'],
    [z.url(), 'x', 'this is not a web address, for example https://example.com'],
    [z.union([z.string(), z.boolean()]), 1, 'this has to be text, not 1'],
    [
      z.discriminatedUnion('by', [z.object({ by: z.literal('sku') }), z.object({ by: z.literal('id') })]),
      { by: 'x' },
      'this has to be one of sku, id',
    ],
    [z.string('my own words'), 1, 'my own words'],
  ])('is said without the library’s words (%#)', (schema, value, words) => {
    expect(saysOf(schema, value)).toBe(words);
  });

  test('an unknown field is named with the field that was probably meant', () => {
    const promotion = z.strictObject({ usageLimit: z.int().optional(), startsAt: z.string().optional() });
    expect(saysOf(promotion, { usageLimits: 5 })).toBe(
      'there is no field "usageLimits" here: did you mean "usageLimit"?',
    );
    expect(saysOf(promotion, { startDate: 'x' })).toBe('there is no field "startDate" here: did you mean "startsAt"?');
    expect(saysOf(promotion, { lines: [] })).toBe(
      'there is no field "lines" here; the fields are usageLimit, startsAt',
    );
  });

  test('no kind of schema falls back to the library’s words', () => {
    const everything = z.object({
      a: z.int().positive(),
      b: z.number().lt(1),
      c: z.array(z.string().length(2)),
      d: z.iso.date(),
      e: z.uuid(),
    });
    const wrong = { a: -1, b: 2, c: ['abc', 3], d: 'x', e: 'y' };
    const words =
      everything
        .safeParse(wrong)
        .error?.issues.map(({ message }) => message)
        .join(' ') ?? '';
    expect(words).not.toMatch(/expected|received|Invalid|Too (big|small)|[<>]=/);
  });
});
