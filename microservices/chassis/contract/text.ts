import { z } from 'zod';

/** NUL and lone surrogates are legal in JSON strings and illegal in UTF-8 databases. */
export const hasUnstorable = (value: string): boolean => value.includes('\u0000') || !value.isWellFormed();

const storable = (value: z.ZodString) =>
  value.refine((given) => !hasUnstorable(given), 'this text contains a NUL character or half of a surrogate pair');

/** Text a person wrote, trimmed, free of NUL (which SQL cannot store) and not empty. */
export const text = (max: number) =>
  storable(
    z.string().trim().min(1, 'this text cannot be empty').max(max, `this text can be ${max} characters at most`),
  );

/** Any text that SQL can store, JSON columns included. */
export const storableText = (max: number) => storable(z.string().max(max));

/**
 * An http or https address. Parsers of addresses drop or encode white space and control characters, so those are
 * refused here.
 */
export const webAddress = (max: number, error?: string) =>
  z
    .url({ protocol: /^https?$/, ...(error === undefined ? {} : { error }) })
    .max(max)
    .refine(
      (url) => url.isWellFormed() && !/[\s\p{Cc}]/u.test(url),
      'an address here has no white space, control characters or half of a surrogate pair',
    );

const isOneLine = (value: string): boolean => !/[\r\n\v\f\u0085\u2028\u2029]/.test(value);
const ONE_LINE = 'this has to be one line: take out the line break';

/**
 * Text of one line: names, labels, the lines of an address. A line break in it could forge a line of a letter or a
 * mail.
 */
export const line = (max: number) => text(max).refine(isOneLine, ONE_LINE);

/** Text of one line that may be empty. */
export const lineOrNone = (max: number) =>
  storable(z.string().trim().max(max, `this text can be ${max} characters at most`)).refine(isOneLine, ONE_LINE);
