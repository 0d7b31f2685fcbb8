import { z } from 'zod';
import { isRefusedPort } from './refused-ports.ts';

/**
 * One option of the platform: a flag and an environment variable, checked at the start, listed by --help and in
 * infra/SETTINGS.md.
 */
export interface Option<Value> {
  flag: string;
  variable: string;
  /** Placeholder for the value in --help; absent for switches. */
  value?: string;
  help: string;
  /** Reads the text of the flag or the variable. An option without `default` accepts undefined. */
  schema: z.ZodType<Value, string | undefined>;
  /** As written in the environment. */
  default?: string;
  /** The default as people read it, where it is not a value to write. */
  defaultInWords?: string;
  /** Ends the sentence "it should be …" of the error. */
  expected: string;
  /** True when the value may hold a password: errors do not show it. */
  isSecret?: boolean;
}

export const option = <Value>(fields: Option<Value>): Option<Value> => fields;

export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most));

export const port = wholeNumber(0, 65_535);

/** A port for HTTP. */
export const httpPort = port.refine((number) => !isRefusedPort(number));

export const HTTP_PORT_EXPECTED = 'a port number, 0 to 65535, but none that browsers refuse (such as 4190, 6000, 6667)';

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

export const toggle = z.enum(['true', 'false']).transform((text) => text === 'true');

export const httpUrl = z.url({ protocol: /^https?$/ });
