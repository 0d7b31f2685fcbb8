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
 * Deletes a person's devices and addresses, the countries they shipped to, and reviewers' comments. Ids, amounts,
 * scores and labels stay: they identify no person, and decisions must remain explainable.
 */
export const erasePerson = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM sighting WHERE customer_id = ANY($1)', [customerIds]);
  await tx.run('UPDATE fact SET country = NULL WHERE customer_id = ANY($1) AND country IS NOT NULL', [customerIds]);
  await tx.run('UPDATE review SET reason = NULL WHERE customer_id = ANY($1) AND reason IS NOT NULL', [customerIds]);
};

/** The same for one order: a guest has no customer's id. */
export const eraseOrder = async (tx: Queryable, orderId: string): Promise<void> => {
  await tx.run('DELETE FROM sighting WHERE order_id = $1', [orderId]);
  await tx.run(`UPDATE fact SET country = NULL WHERE order_id = $1 AND kind = 'order_placed'`, [orderId]);
  await tx.run('UPDATE review SET reason = NULL WHERE order_id = $1 AND reason IS NOT NULL', [orderId]);
};

/** Moves acknowledgements that an older version owes to the table that the eraser reads. */
export const moveOwedAcknowledgements = async (tx: Queryable, at: Date): Promise<void> => {
  await tx.run(
    'INSERT INTO erasure (customer_id, erased_at) SELECT customer_id, $1 FROM owed_acknowledgement ON CONFLICT DO NOTHING',
    [at],
  );
  await tx.run('DELETE FROM owed_acknowledgement');
};
