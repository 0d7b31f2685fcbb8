import { z } from 'zod';
import { line, text } from '../../../chassis/contract/index.ts';
import { code, image } from '../../contract/values.ts';

/** A whole number between two others. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `This is not a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `This is less than ${least}`).max(most, `This is more than ${most}`));

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  '1': true,
  false: false,
  no: false,
  '0': false,
};
/** Yes or no. */
export const flag = z
  .string()
  .toLowerCase()
  .refine((word) => Object.hasOwn(WORDS, word), 'This is neither true nor false')
  .transform((word) => WORDS[word] ?? false);

/** Parts between signs that no backslash stands before; a backslash makes the sign after it a letter. */
const partsOf = (cell: string, sign: '|' | '>'): string[] =>
  cell.match(sign === '|' ? /(?:\\.|[^\\|]|\\$)+/gs : /(?:\\.|[^\\>]|\\$)+/gs) ?? [];

const unescaped = (title: string): string => title.replaceAll(/\\([\\>|])/g, '$1').trim();

/** "Garden > Lights | Gifts": lists of titles from the top down. */
export const paths = text(20_000).transform((cell) =>
  partsOf(cell, '|')
    .map((path) =>
      partsOf(path, '>')
        .map(unescaped)
        .filter((title) => title !== ''),
    )
    .filter((path) => path.length > 0),
);

/** "size | colour" */
export const axes = line(500)
  .transform((cell) => cell.split('|').map((axis) => axis.trim()))
  .pipe(z.array(code).max(5));

/** Pictures as JSON: [{"url": "https://…", "alt": "…"}] */
export const pictures = z
  .string()
  .max(200_000)
  .transform((cell, context) => {
    try {
      return JSON.parse(cell) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON such as [{"url": "https://example.com/a.jpg"}]' });
      return z.NEVER;
    }
  })
  .pipe(z.array(image).max(50));
