import { z } from 'zod';
import { choices, email, line, opaque, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import {
  apiKey,
  customerId,
  customerNotFound,
  keyId,
  phone,
  previousRefreshToken,
  session,
  sessionId,
  tooManyAttempts,
  typedPassword,
} from './values.ts';

const sessionNotFound = { status: 404, title: 'Session not found' } as const;
const startedSession = z
  .object({
    id: sessionId,
    customerId,
    device: z.string().nullable(),
    startedAt: timestamp,
    lastUsedAt: timestamp,
    expiresAt: timestamp,
    current: z.boolean().describe('The session of this request'),
  })
  .meta({ id: 'StartedSession', title: 'Started session' });

export const sessionOperations = {
  signIn: operation({
    method: 'POST',
    path: '/sessions',
    title: 'Sign in',
    description:
      'Starts a session with a verified e-mail address or phone number and the password. The response takes the same time whether or not there is such an account. After five failures attempts from the same network have to wait, longer each time; after fifty from many networks all have to, except devices that show a refresh token of the account.',
    access: { scope: 'customers:write', public: true },
    input: z
      .object({
        email: email.optional(),
        phone: phone.optional(),
        password: typedPassword,
        previousRefreshToken,
        device: line(100).optional().describe('How the person recognizes this session, for example Firefox on Linux'),
      })
      .refine(
        (input) => (input.email === undefined) !== (input.phone === undefined),
        'give either an e-mail address or a phone number',
      ),
    output: session,
    errors: {
      INVALID_CREDENTIALS: { status: 401, title: 'Sign-in failed' },
      ACCOUNT_DISABLED: { status: 403, title: 'Account disabled' },
      TOO_MANY_ATTEMPTS: tooManyAttempts,
    },
    successStatus: 201,
    secretAnswer: true,
  }),
  refreshSession: operation({
    method: 'POST',
    path: '/sessions/refresh',
    title: 'Refresh session',
    description:
      'Exchanges a refresh token for a new pair of tokens. Repeated within half a minute, as by two tabs or after a lost response, it returns the same refresh token again. A token that comes back later, or after its successor was used, was copied: the whole session ends.',
    access: { scope: 'customers:write', public: true },
    input: z.object({ refreshToken: opaque(200).min(1) }),
    output: session,
    errors: { INVALID_REFRESH_TOKEN: { status: 401, title: 'Session ended' } },
    secretAnswer: true,
  }),
  signOut: operation({
    method: 'POST',
    path: '/sessions/sign-out',
    title: 'Sign out',
    description:
      'Ends the session of this request, or with `everywhere` all sessions of the customer. Their access tokens are refused from then on.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ everywhere: z.boolean().default(false) }),
    output: z.object({ ended: z.int().describe('How many sessions ended') }),
    errors: { NOT_A_CUSTOMER: { status: 422, title: 'API keys have no session' } },
  }),
  listSessions: operation({
    method: 'GET',
    path: '/customers/{customerId}/sessions',
    title: 'List sessions',
    description: 'Where the customer is signed in, newest first.',
    access: { scope: 'customers:read', customer: true },
    input: z.object({ customerId, ...pageQuery }),
    output: page(startedSession),
    errors: { CUSTOMER_NOT_FOUND: customerNotFound },
  }),
  endSession: operation({
    method: 'DELETE',
    path: '/sessions/{sessionId}',
    title: 'End session',
    description: 'Ends one session, for example of a lost phone.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ sessionId }),
    output: z.object({ ended: z.int() }),
    errors: { SESSION_NOT_FOUND: sessionNotFound },
  }),
  introspectSession: operation({
    method: 'POST',
    path: '/sessions/introspect',
    title: 'Look up session',
    description: 'For services: whether a session is live now. One that has ended, has expired or never was is not.',
    access: { scope: 'customers:introspect' },
    input: z.object({ sessionId: opaque(100).min(1).describe('The session that an access token names') }),
    output: z.object({ live: z.boolean() }),
    readOnly: true,
  }),
};

const scope = z
  .string()
  .max(80)
  .regex(/^(\*|[a-z][a-z0-9-]*:(\*|[a-z][a-z0-9-]*))$/, 'a scope is * or looks like orders:read or orders:*');
/** A journeys' key names two or three scopes of each domain: room for some seventy domains. */
const MOST_SCOPES = 200;
const scopeNotHeld = {
  status: 403,
  title: 'Scopes exceed those of the caller',
  data: z.object({ scopes: z.array(z.string()) }),
} as const;
const keyNotFound = { status: 404, title: 'API key not found' } as const;

export const apiKeyOperations = {
  createApiKey: operation({
    method: 'POST',
    path: '/api-keys',
    title: 'Create API key',
    description:
      'Makes a key for a member of staff or an integration. The key is in this response and never shown again. It can do no more than the key that creates it.',
    access: { scope: 'api-keys:write' },
    input: z.object({
      name: line(100).describe('Who or what uses it'),
      scopes: z.array(scope).min(1).max(MOST_SCOPES).describe('What it may do, for example orders:read'),
      expiresAt: timestamp
        .optional()
        .describe('When it expires; never unless given. A key that expires makes keys that expire no later'),
    }),
    output: z.object({ ...apiKey.shape, key: z.string().describe('The key itself, fc_…: shown only now') }),
    errors: {
      SCOPE_NOT_HELD: scopeNotHeld,
      OUTLIVES_CALLER: {
        status: 403,
        title: 'Expires later than the key of the caller',
        data: z.object({ expiresAt: timestamp }),
      },
      EXPIRES_IN_THE_PAST: { status: 422, title: 'Expiry time is in the past' },
    },
    successStatus: 201,
    secretAnswer: true,
  }),
  listApiKeys: operation({
    method: 'GET',
    path: '/api-keys',
    title: 'List API keys',
    description: 'Keys, newest first, without the keys themselves.',
    access: { scope: 'api-keys:read' },
    input: z.object({
      search: line(100).optional().describe('Part of the name'),
      state: choices({
        working: 'Can be used',
        expired: 'Its time is over',
        revoked: 'Was switched off for good',
      })
        .optional()
        .describe('Only keys in this state'),
      ...pageQuery,
    }),
    output: page(apiKey),
  }),
  getCurrentApiKey: operation({
    method: 'GET',
    path: '/api-keys/current',
    title: 'Get current API key',
    description: 'Which key this request came with and what it may do: a way to check that a key works.',
    access: { scope: 'api-keys:read', anyKey: true },
    input: z.object({}),
    output: z.object({
      id: z.string().describe('key_…, or the name of a key of the configuration, for example administrator'),
      scopes: z.array(z.string()).describe('* is everything'),
    }),
  }),
  revokeApiKey: operation({
    method: 'POST',
    path: '/api-keys/{keyId}/revoke',
    title: 'Revoke API key',
    description:
      'The key stops working for good, everywhere within ten seconds. Revoking it again changes nothing. A key revokes only those that can do no more than itself.',
    access: { scope: 'api-keys:write' },
    input: z.object({ keyId }),
    output: apiKey,
    errors: { KEY_NOT_FOUND: keyNotFound, SCOPE_NOT_HELD: scopeNotHeld },
  }),
  introspectApiKey: operation({
    method: 'POST',
    path: '/api-keys/introspect',
    title: 'Look up API key',
    description:
      'For services: which key has this SHA-256 hash and what it may do. Keys that are revoked or expired are not found.',
    access: { scope: 'customers:introspect' },
    input: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash is 64 hexadecimal digits') }),
    output: z.object({ id: keyId, scopes: z.array(z.string()), name: z.string() }),
    errors: { KEY_NOT_FOUND: keyNotFound },
    readOnly: true,
  }),
};
