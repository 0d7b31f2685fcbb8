import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

const wholeNumber = (fallback: number, min: number, max: number) =>
  z.coerce.number(`must be a whole number from ${min} to ${max}`).int().min(min).max(max).default(fallback);

const serviceNames = z
  .string()
  .regex(
    /^[a-z0-9-]+(,[a-z0-9-]+)*$/,
    'must be service names with commas between them, for example orders,notifications',
  )
  .or(z.literal(''))
  .transform((list) => list.split(',').filter((name) => name !== ''));

const environment = z.object({
  TOKEN_PRIVATE_KEY: z
    .string('must be set: it signs customers’ access tokens')
    .transform(toSigningKey)
    .refine(
      (key) => key !== undefined,
      'must be an Ed25519 private key in PEM form (PKCS #8), beginning with -----BEGIN PRIVATE KEY-----',
    ),
  ACCESS_TOKEN_MINUTES: wholeNumber(15, 1, 60),
  REFRESH_TOKEN_DAYS: wholeNumber(30, 1, 365),
  SESSION_DAYS: wholeNumber(180, 1, 730),
  CODE_MINUTES: wholeNumber(15, 1, 60),
  INVITATION_DAYS: wholeNumber(7, 1, 30),
  CONSENT_DOUBLE_OPT_IN: z.enum(['true', 'false'], 'must be true or false').default('false'),
  ERASURE_SERVICES: serviceNames.optional(),
});

export interface Settings {
  /** Ed25519; signs access tokens, and the keys for codes and refresh tokens derive from it. */
  signingKey: KeyObject;
  accessTokenMinutes: number;
  /** A session that is not refreshed for this long ends. */
  refreshTokenDays: number;
  /** A session ends after this long, however often it was refreshed. */
  sessionDays: number;
  codeMinutes: number;
  invitationDays: number;
  /** Believe a consent to e-mail only once the address is verified. */
  consentDoubleOptIn: boolean;
  /** The services that have to acknowledge an erasure; those whose contract says `personalData` unless set. */
  erasureServices: string[] | undefined;
}

/** Reads the service's settings; throws one sentence a variable that is wrong. Values of secrets are not repeated. */
export const readSettings = (given: Record<string, string | undefined>): Settings => {
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new Error(parsed.error.issues.map((issue) => sentence(issue, given)).join('\n'));
  const read = parsed.data;
  if (!read.TOKEN_PRIVATE_KEY) throw new Error('TOKEN_PRIVATE_KEY must be set');
  return {
    signingKey: read.TOKEN_PRIVATE_KEY,
    accessTokenMinutes: read.ACCESS_TOKEN_MINUTES,
    refreshTokenDays: read.REFRESH_TOKEN_DAYS,
    sessionDays: read.SESSION_DAYS,
    codeMinutes: read.CODE_MINUTES,
    invitationDays: read.INVITATION_DAYS,
    consentDoubleOptIn: read.CONSENT_DOUBLE_OPT_IN === 'true',
    erasureServices: read.ERASURE_SERVICES,
  };
};

const sentence = (issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string => {
  const name = String(issue.path[0]);
  const holds = name === 'TOKEN_PRIVATE_KEY' || given[name] === undefined ? '' : ` (it holds "${given[name]}")`;
  return `${name}${holds}: ${issue.message}.`;
};

function toSigningKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
