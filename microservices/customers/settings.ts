import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { MOST_TOKEN_MINUTES } from '../chassis/auth/ended-credentials.ts';
import { defineSettings, kinds } from '../chassis/settings/index.ts';

const toSigningKey = (pem: string): KeyObject | undefined => {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

const signingKey = z.string().transform((pem, context): KeyObject => {
  const key = toSigningKey(pem);
  if (!key) context.addIssue('not an Ed25519 private key');
  return key ?? z.NEVER;
});
const serviceName = kinds.parsed(z.string().regex(/^[a-z0-9-]+$/), 'the name of a service, for example orders');

export const settings = defineSettings({
  signingKey: {
    variable: 'TOKEN_PRIVATE_KEY',
    kind: kinds.parsed(
      signingKey,
      'an Ed25519 private key in PEM form (PKCS #8), beginning with -----BEGIN PRIVATE KEY-----',
    ),
    secret: true,
    description: 'Signs customers’ access tokens; the keys for codes and refresh tokens derive from it.',
  },
  accessTokenMinutes: {
    variable: 'ACCESS_TOKEN_MINUTES',
    kind: kinds.minutes({ min: 1, max: MOST_TOKEN_MINUTES }),
    default: 15,
    description: 'How long an access token is valid, in minutes.',
  },
  refreshTokenDays: {
    variable: 'REFRESH_TOKEN_DAYS',
    kind: kinds.days({ min: 1, max: 365 }),
    default: 30,
    description: 'A session that is not refreshed for this many days ends.',
  },
  refreshGraceSeconds: {
    variable: 'REFRESH_GRACE_SECONDS',
    kind: kinds.integer({ min: 0, max: 300 }),
    default: 30,
    description:
      'For so many seconds a used refresh token gets the same successor again, for two tabs at once and lost responses; afterwards it ends the session.',
  },
  sessionDays: {
    variable: 'SESSION_DAYS',
    kind: kinds.days({ min: 1, max: 730 }),
    default: 180,
    description: 'A session ends after this many days, however often it was refreshed.',
  },
  codeMinutes: {
    variable: 'CODE_MINUTES',
    kind: kinds.minutes({ min: 1, max: 60 }),
    default: 15,
    description: 'How long a code sent by e-mail is valid, in minutes.',
  },
  codesPerNetworkAndHour: {
    variable: 'CODES_PER_NETWORK_AND_HOUR',
    kind: kinds.integer({ min: 1, max: 100_000 }),
    default: 30,
    description: 'How many codes people of one network may have sent within an hour. API keys are not limited.',
  },
  codesPerHour: {
    variable: 'CODES_PER_HOUR',
    kind: kinds.integer({ min: 1, max: 1_000_000 }),
    default: 5_000,
    description: 'How many codes are sent within an hour in all.',
  },
  invitationDays: {
    variable: 'INVITATION_DAYS',
    kind: kinds.days({ min: 1, max: 30 }),
    default: 7,
    description: 'How long the code of an invitation is valid, in days.',
  },
  consentDoubleOptIn: {
    variable: 'CONSENT_DOUBLE_OPT_IN',
    kind: kinds.boolean,
    default: false,
    description: 'A consent to e-mail counts only once the address is verified.',
  },
  erasureServices: {
    variable: 'ERASURE_SERVICES',
    kind: kinds.optional(kinds.list(serviceName, { max: 100 })),
    description:
      'The services that have to acknowledge an erasure; when not set, all whose contract says that they keep personal data.',
  },
});
