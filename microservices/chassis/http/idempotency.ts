import { createHash } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import { isLockTimeout, type Queryable } from '../database/index.ts';
import { Problem, type ProblemBody } from '../problem.ts';

/** The first answer to a key: what the handler returned, or the expected failure it committed to. */
export type Answer = { output: unknown } | { problem: ProblemBody };

export interface IdempotentRequest {
  caller: string;
  key: string;
  fingerprint: string;
}

const KEY_FORMAT = /^[\x21-\x7e]{1,255}$/;

/**
 * Callers without a credential share one namespace: who shows a key gets the response to it. Their keys are secrets therefore, and short ones are refused.
 * Their address is no part of the namespace: a phone that retries from another network must not order twice.
 */
const UNGUESSABLE = 20;

/** Identifies a request: who, which key, and a hash of operation and input that tells a repeat from another request under the same key. */
export const idempotentRequest = (
  caller: Caller,
  key: string,
  operation: string,
  input: unknown,
): IdempotentRequest => {
  if (!KEY_FORMAT.test(key)) {
    throw new Problem({
      code: 'INVALID_IDEMPOTENCY_KEY',
      status: 400,
      title: 'Unusable Idempotency-Key',
      detail: 'An Idempotency-Key is 1 to 255 printable characters without spaces; a UUID is a good choice.',
    });
  }
  if (caller.kind === 'anonymous' && key.length < UNGUESSABLE) {
    throw new Problem({
      code: 'INVALID_IDEMPOTENCY_KEY',
      status: 400,
      title: 'Unusable Idempotency-Key',
      detail: `Without an API key or access token an Idempotency-Key has ${UNGUESSABLE} characters or more, so that nobody else has the same one by chance: use a UUID.`,
    });
  }
  const fingerprint = createHash('sha256').update(operation).update('\0').update(stableJson(input)).digest('base64url');
  return { caller: `${caller.kind}:${caller.id}`, key, fingerprint };
};

/** JSON with sorted object keys: equal inputs, equal text. */
const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  ) ?? 'undefined';

/** The stored answer to a request, if there is one. Throws 422 when the key was used for another request. */
export const findAnswer = async (database: Queryable, request: IdempotentRequest): Promise<Answer | undefined> => {
  const row = await database.maybeOne<{ fingerprint: string; answer: Answer | null }>(
    `SELECT fingerprint, answer FROM idempotency WHERE caller = $1 AND key = $2 AND created_at > now() - interval '24 hours'`,
    [request.caller, request.key],
  );
  if (!row) return undefined;
  if (row.fingerprint !== request.fingerprint) throw keyReused(request.key);
  return row.answer ?? undefined;
};

/**
 * Claims a key inside the transaction that will answer it: the row becomes visible with the effect or not at all, so that a crash leaves no
 * claim behind. Answers the stored answer when another transaction was first. A row older than 24 h is taken over.
 */
export const claim = async (tx: Queryable, request: IdempotentRequest): Promise<Answer | undefined> => {
  const claimed = await tx
    .run(
      `INSERT INTO idempotency AS known (caller, key, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT (caller, key) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, answer = NULL, created_at = now()
       WHERE known.created_at <= now() - interval '24 hours'`,
      [request.caller, request.key, request.fingerprint],
    )
    .catch((error: unknown) => {
      throw isLockTimeout(error) ? stillInFlight(request.key) : error;
    });
  if (claimed === 1) return undefined;
  return (await findAnswer(tx, request)) ?? Promise.reject(stillInFlight(request.key));
};

const keyReused = (key: string): Problem =>
  new Problem({
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    title: 'Idempotency-Key used before',
    detail: `The Idempotency-Key ${key} belongs to another request. Use a new key for a new request.`,
  });

export const stillInFlight = (key: string): Problem =>
  new Problem({
    code: 'IDEMPOTENCY_IN_FLIGHT',
    status: 409,
    title: 'Still working on it',
    detail: `A request with the Idempotency-Key ${key} is being worked on. Ask again in a second for its answer.`,
    headers: { 'retry-after': '1' },
  });

/** Forgets answers older than 24 hours and events seen more than 14 days ago, longer than topics keep them for. */
export const forgetOldAnswers = async (database: Queryable): Promise<void> => {
  await database.run(`DELETE FROM idempotency WHERE created_at < now() - interval '24 hours'`);
  await database.run(`DELETE FROM inbox WHERE received_at < now() - interval '14 days'`);
};
