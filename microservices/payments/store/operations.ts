import type { Queryable } from '../../chassis/database/index.ts';
import type { Operation } from '../policy/model.ts';
import { operationColumns } from './rows.ts';

/** A movement that is to be asked for, with what its provider has to know. */
export interface Attempt extends Operation {
  provider: string;
  providerPaymentId: string | null;
  currency: string;
  customerId: string | null;
  paymentExpiresAt: string;
  /** The authorization that it belongs to. */
  authorizationId: string;
}

const ATTEMPT = `${operationColumns('o')}, p.provider, p.provider_payment_id AS "providerPaymentId", y.currency,
  y.customer_id AS "customerId", y.expires_at AS "paymentExpiresAt",
  (SELECT a.id FROM operation a WHERE a.part_id = o.part_id AND a.kind = 'authorize' ORDER BY a.id DESC LIMIT 1) AS "authorizationId"`;

/**
 * Notes that a movement is about to be asked for, before anybody is asked: after a crash the count says that it may
 * have been. The next attempt comes after twice the time, at most after five minutes. Undefined when its outcome is
 * known.
 */
export const beginAttempt = (db: Queryable, id: string, at: Date): Promise<Attempt | undefined> =>
  db.maybeOne<Attempt>(
    `UPDATE operation o SET attempts = o.attempts + 1,
       due_at = $2::timestamptz + least(10 * power(2, o.attempts), 300) * interval '1 second'
     FROM payment_part p, payment y
     WHERE o.id = $1 AND o.state = 'requested' AND p.id = o.part_id AND y.id = o.payment_id RETURNING ${ATTEMPT}`,
    [id, at],
  );

/** Movements whose outcome is overdue, oldest first. */
export const dueOperations = async (db: Queryable, at: Date, limit: number): Promise<string[]> =>
  (
    await db.rows<{ id: string }>(
      `SELECT id FROM operation WHERE state = 'requested' AND due_at <= $1 ORDER BY due_at LIMIT $2`,
      [at, limit],
    )
  ).map(({ id }) => id);

/** The authorization that a part waits for: what its provider is asked about. */
export const findAuthorization = (db: Queryable, partId: string): Promise<Attempt | undefined> =>
  db.maybeOne<Attempt>(
    `SELECT ${ATTEMPT} FROM operation o JOIN payment_part p ON p.id = o.part_id JOIN payment y ON y.id = o.payment_id
     WHERE o.part_id = $1 AND o.kind = 'authorize' ORDER BY o.id DESC LIMIT 1`,
    [partId],
  );

/**
 * Takes parts whose provider is to be asked, and puts their next check off, so that no other process asks as well.
 */
export const takeDueChecks = async (db: Queryable, at: Date, nextAt: Date, limit: number): Promise<string[]> =>
  (
    await db.rows<{ id: string }>(
      `UPDATE payment_part SET check_at = $2 WHERE id IN (
         SELECT id FROM payment_part WHERE check_at <= $1 ORDER BY check_at LIMIT $3 FOR UPDATE SKIP LOCKED
       ) RETURNING id`,
      [at, nextAt, limit],
    )
  ).map(({ id }) => id);

/** Has a part's provider asked at this moment. */
export const checkPart = async (db: Queryable, partId: string, at: Date): Promise<void> => {
  await db.run('UPDATE payment_part SET check_at = $2 WHERE id = $1', [partId, at]);
};

/** Keeps that a notice came; false when it had come before. */
export const keepNotice = async (tx: Queryable, provider: string, noticeId: string, at: Date): Promise<boolean> =>
  (await tx.run(
    'INSERT INTO notice (provider, notice_id, received_at) VALUES ($1, $2, $3) ON CONFLICT (provider, notice_id) DO NOTHING',
    [provider, noticeId, at],
  )) > 0;

/** The part that a notice is about, by the authorization's key or the provider's id. */
export const findNoticedPart = async (
  db: Queryable,
  provider: string,
  { key, paymentId }: { key: string | null; paymentId: string | null },
): Promise<string | undefined> => {
  const found = await db.maybeOne<{ id: string }>(
    `SELECT p.id FROM payment_part p WHERE p.provider = $1 AND
       (p.provider_payment_id = $3 OR p.id = (SELECT o.part_id FROM operation o WHERE o.id = $2 AND o.kind = 'authorize')) LIMIT 1`,
    [provider, key, paymentId],
  );
  return found?.id;
};
