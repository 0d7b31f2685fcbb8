import { z } from 'zod';

const milliseconds = (fallback: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .default(String(fallback))
    .transform(Number)
    .pipe(z.int().min(1).max(max));

const variables = {
  PUSH_ALLOW_PRIVATE: {
    schema: z.enum(['none', 'loopback', 'private']).default('none'),
    holds:
      'none, loopback (this machine) or private (this machine and private networks): which addresses that are not public events may be posted to',
  },
  PUSH_RETRY_MS: {
    schema: milliseconds(1_000, 3_600_000),
    holds: 'the first pause after a failed delivery in milliseconds, from 1 to 3600000',
  },
  PUSH_PROBE_MS: {
    schema: milliseconds(1_000, 60_000),
    holds: 'the first pause before asking whether a receiver is back in milliseconds, from 1 to 60000',
  },
  PUSH_POLL_MS: {
    schema: milliseconds(2_000, 60_000),
    holds: 'how often changes made by other processes are looked for in milliseconds, from 1 to 60000',
  },
} as const;
type Name = keyof typeof variables;

/** Which addresses that are not public may be posted to. */
export type PrivateAddresses = 'none' | 'loopback' | 'private';

export interface EventsSettings {
  allowPrivate: PrivateAddresses;
  /** The pause after the first failed attempt; it doubles with each. */
  retryMs: number;
  /** The pause before the first probe of a receiver that is away; it doubles with each. */
  probeMs: number;
  pollMs: number;
}

/** Reads the settings from the environment. Throws naming the variable, what it holds and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): EventsSettings => {
  const read = <Which extends Name>(name: Which): z.output<(typeof variables)[Which]['schema']> => {
    const { schema, holds } = variables[name] as { schema: z.ZodType; holds: string };
    const parsed = schema.safeParse(environment[name]);
    if (parsed.success) return parsed.data as z.output<(typeof variables)[Which]['schema']>;
    throw new Error(`${name} holds "${environment[name] ?? ''}"; it should hold ${holds}.`);
  };
  return {
    allowPrivate: read('PUSH_ALLOW_PRIVATE'),
    retryMs: read('PUSH_RETRY_MS'),
    probeMs: read('PUSH_PROBE_MS'),
    pollMs: read('PUSH_POLL_MS'),
  };
};
