import { createHash } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import { isLockTimeout, type OpenTransaction, type Queryable } from '../database/index.ts';
import { Problem } from '../problem.ts';
import { stillInFlight, type Answer, type IdempotentRequest, type Located, type StepScope } from './answer.ts';
import { findStep, firstContent, locateStep } from './step.ts';

const KEY_FORMAT = /^[\x21-\x7e]{1,255}$/;

/**
 * Callers without a credential share one namespace: who shows a key gets the response to it. Their keys are secrets
 * therefore, and short ones are refused. Their address is no part of the namespace: a phone that retries from another
 * network must not order twice.
 */
const UNGUESSABLE = 20;

/**
 * Identifies a request: who, which key, and a hash of operation and input that tells a repeat from another request
 * under the same key.
 */
export const idempotentRequest = (
  caller: Caller,
  key: string,
  operation: string,
  input: unknown,
  scope?: StepScope,
): IdempotentRequest => {
  if (!KEY_FORMAT.test(key)) {
    throw new Problem({
      code: 'INVALID_IDEMPOTENCY_KEY',
      status: 400,
      title: 'Invalid Idempotency-Key',
      detail: 'An Idempotency-Key is 1 to 255 printable characters without spaces; a UUID is a good choice.',
    });
  }
  if (caller.kind === 'anonymous' && key.length < UNGUESSABLE) {
    throw new Problem({
      code: 'INVALID_IDEMPOTENCY_KEY',
      status: 400,
      title: 'Invalid Idempotency-Key',
      detail: `Without an API key or access token an Idempotency-Key has ${UNGUESSABLE} characters or more, so that nobody else has the same one by chance: use a UUID.`,
    });
  }
  const who = `${caller.kind}:${caller.id}`;
  // Journeys have an API key. The responses of those who share a namespace are shown to nobody who sends something
  // else.
  if (scope && caller.kind === 'key')
    return { caller: who, key, fingerprint: firstContent(scope), step: { ...scope, key } };
  const fingerprint = createHash('sha256').update(operation).update('\0').update(stableJson(input)).digest('base64url');
  return { caller: who, key, fingerprint };
};

/** JSON with sorted object keys: equal inputs, equal text. */
const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  ) ?? 'undefined';

/**
 * The stored answer to a request, else the key that it may claim. Throws 422 when the key was used for another request.
 */
export const locate = async (database: Queryable, request: IdempotentRequest): Promise<Located> => {
  if (request.step) return locateStep(database, request, request.step);
  const row = await database.maybeOne<{ fingerprint: string; answer: Answer | null }>(
    `SELECT fingerprint, answer FROM idempotency WHERE caller = $1 AND key = $2 AND created_at > now() - interval '24 hours'`,
    [request.caller, request.key],
  );
  if (row && row.fingerprint !== request.fingerprint) throw keyReused(request.key);
  return row?.answer ? { answer: row.answer } : { key: request.key };
};

/**
 * What a claim comes to: a key that is the request's now, the stored answer, or that of a step, which is read after the
 * transaction.
 */
export type Claimed = Located | 'answered before';

/**
 * Claims a key inside the transaction that will answer it: the row becomes visible with the effect or not at all, so
 * that a crash leaves no claim behind. Returns the stored answer when another transaction was first. A row older than
 * 24 h is taken over. A step may move on to the next key, unless `fixed`: what was prepared under this one would be
 * lost.
 */
export const claim = async (tx: Queryable, request: IdempotentRequest, fixed: boolean): Promise<Claimed> => {
  const { caller, key, step } = request;
  if (await insertClaim(tx, request)) return { key };
  const found = step ? await findStep(tx, caller, step) : await locate(tx, request);
  if ('slot' in found) return 'answered before';
  if ('answer' in found) return found;
  if (fixed || found.key === key) throw stillInFlight(key);
  return claim(tx, { ...request, key: found.key }, fixed);
};

const CLAIM = `INSERT INTO idempotency AS known (caller, key, fingerprint) VALUES ($1, $2, $3)
 ON CONFLICT (caller, key) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, answer = NULL, created_at = now()
 WHERE known.created_at <= now() - interval '24 hours'`;

/** True when the key is the request's own now. Waits for a transaction that claims the same key. */
const insertClaim = async (tx: Queryable, { caller, key, fingerprint }: IdempotentRequest): Promise<boolean> => {
  const claimed = await tx.run(CLAIM, [caller, key, fingerprint]).catch((error: unknown) => {
    throw isLockTimeout(error) ? stillInFlight(key) : error;
  });
  return claimed === 1;
};

/**
 * Claims a key together with the first statement of the work, which saves a round trip. The returned function tells
 * whether the key is the request's own; if not, the work that was done meanwhile has to be undone.
 */
export const claimAhead = (
  ahead: OpenTransaction['ahead'],
  { caller, key, fingerprint }: IdempotentRequest,
): (() => Promise<boolean>) => {
  const touched = ahead(CLAIM, [caller, key, fingerprint]);
  return async () => (await touched()) === 1;
};

const keyReused = (key: string): Problem =>
  new Problem({
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    title: 'Idempotency-Key already used',
    detail: `The Idempotency-Key ${key} belongs to another request. Use a new key for a new request.`,
  });

/** Forgets answers older than 24 hours and events seen more than 14 days ago, longer than topics keep them for. */
export const forgetOldAnswers = async (database: Queryable): Promise<void> => {
  await database.run(`DELETE FROM idempotency WHERE created_at < now() - interval '24 hours'`);
  await database.run(`DELETE FROM inbox WHERE received_at < now() - interval '14 days'`);
};
