import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../../microservices/chassis/database/index.ts';

/** The key that devices and addresses are hashed with, made at the first start and the same for all processes. */
export const identityKey = async (database: Queryable): Promise<string> => {
  await database.run(`INSERT INTO secret (name, value) VALUES ('identity', $1) ON CONFLICT DO NOTHING`, [
    randomBytes(32).toString('base64url'),
  ]);
  return (await database.one<{ value: string }>(`SELECT value FROM secret WHERE name = 'identity'`)).value;
};

/**
 * Forgets through which devices and addresses a person ordered, where they shipped to, and what people wrote about them. Ids, amounts, scores
 * and labels stay: they tell nobody who it was, and decisions must remain explainable.
 */
export const erasePerson = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM sighting WHERE customer_id = ANY($1)', [customerIds]);
  await tx.run('UPDATE fact SET country = NULL WHERE customer_id = ANY($1) AND country IS NOT NULL', [customerIds]);
  await tx.run('UPDATE review SET reason = NULL WHERE customer_id = ANY($1) AND reason IS NOT NULL', [customerIds]);
};

/** Remembers that customers has to be told of an erasure. */
export const oweAcknowledgement = async (tx: Queryable, customerId: string): Promise<void> => {
  await tx.run('INSERT INTO owed_acknowledgement (customer_id) VALUES ($1) ON CONFLICT DO NOTHING', [customerId]);
};

export const owedAcknowledgements = async (database: Queryable, limit: number): Promise<string[]> =>
  (await database.rows<{ customer_id: string }>('SELECT customer_id FROM owed_acknowledgement LIMIT $1', [limit])).map(
    (row) => row.customer_id,
  );

export const settleAcknowledgement = async (database: Queryable, customerId: string): Promise<void> => {
  await database.run('DELETE FROM owed_acknowledgement WHERE customer_id = $1', [customerId]);
};
