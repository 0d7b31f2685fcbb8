import { z } from 'zod';

/** NUL and lone surrogates are legal in JSON strings and illegal in UTF-8 databases. */
export const hasUnstorable = (value: string): boolean => value.includes('\u0000') || !value.isWellFormed();

const storable = (value: z.ZodString) =>
  value.refine((given) => !hasUnstorable(given), 'this text contains a NUL character or half of a surrogate pair');

const TABS_AND_LINE_BREAKS = /[\t\n\r]/g;
const CONTROL = /\p{Cc}/u;

/**
 * Text of several lines that a person wrote, trimmed and not empty: descriptions, notes, reasons. Of control characters
 * it has tabs and line breaks only.
 */
export const text = (max: number) =>
  storable(
    z.string().trim().min(1, 'this text cannot be empty').max(max, `this text can be ${max} characters at most`),
  ).refine(
    (value) => !CONTROL.test(value.replace(TABS_AND_LINE_BREAKS, '')),
    'this text contains a control character: take it out',
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

const isOneLine = (value: string): boolean => !/[\p{Cc}\u2028\u2029]/u.test(value);
const ONE_LINE = 'this has to be one line: take out the line break or control character';

/**
 * Text of one line: names, labels, titles, the lines of an address. A line break in it could forge a line of a letter
 * or a mail.
 */
export const line = (max: number) =>
  storable(
    z.string().trim().min(1, 'this text cannot be empty').max(max, `this text can be ${max} characters at most`),
  ).refine(isOneLine, ONE_LINE);

/** Text of one line that may be empty. */
export const lineOrNone = (max: number) =>
  storable(z.string().trim().max(max, `this text can be ${max} characters at most`)).refine(isOneLine, ONE_LINE);

/** What callers give back as they got it, such as a cursor or a token: one line, and nothing is trimmed. */
export const opaque = (max: number) => storable(z.string().max(max)).refine(isOneLine, ONE_LINE);
