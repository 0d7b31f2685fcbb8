import type { Queryable } from './database/index.ts';

/** A person whom customers asked to erase. */
export interface Asked {
  customerId: string;
  /** Other ids that the person had. */
  alsoKnownAs: string[];
  /** E-mail addresses that are known to be the person's. */
  emails: string[];
  /** True when customers wait for this service to acknowledge. */
  acknowledges: boolean;
}

/** All ids of the person. */
export const idsOf = ({ customerId, alsoKnownAs }: Asked): string[] => [customerId, ...alsoKnownAs];

/** Notes that the erasure has to wait, and why. */
export const noteWait = async (
  tx: Queryable,
  { customerId, alsoKnownAs, emails, acknowledges }: Asked,
  reason: string,
  at: Date,
): Promise<void> => {
  await tx.run(
    `INSERT INTO erasure_wait (customer_id, also_known_as, emails, acknowledges, reason, tried_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (customer_id) DO UPDATE SET reason = EXCLUDED.reason, tried_at = EXCLUDED.tried_at`,
    [customerId, alsoKnownAs, emails, acknowledges, reason, at],
  );
};

/** True while the erasure of this customer waits. */
export const isWaiting = async (tx: Queryable, customerId: string): Promise<boolean> =>
  (await tx.maybeOne('SELECT 1 FROM erasure_wait WHERE customer_id = $1', [customerId])) !== undefined;

/** Customers whose erasures wait; those that were looked at longest ago first. */
export const waitingCustomers = async (database: Queryable, limit: number): Promise<string[]> => {
  const rows = await database.rows<{ customerId: string }>(
    `SELECT customer_id AS "customerId" FROM erasure_wait ORDER BY tried_at, customer_id LIMIT $1`,
    [limit],
  );
  return rows.map(({ customerId }) => customerId);
};

/** Locks an erasure that waits; undefined when it no longer does. */
export const lockWait = (tx: Queryable, customerId: string): Promise<Asked | undefined> =>
  tx.maybeOne<Asked>(
    `SELECT customer_id AS "customerId", also_known_as AS "alsoKnownAs", emails, acknowledges FROM erasure_wait
     WHERE customer_id = $1 FOR UPDATE`,
    [customerId],
  );

/** The erasure waits no longer. */
export const endWait = async (tx: Queryable, customerId: string): Promise<void> => {
  await tx.run('DELETE FROM erasure_wait WHERE customer_id = $1', [customerId]);
};

/** Reasons that customers do not know yet. */
export const unreported = (database: Queryable, limit: number): Promise<{ customerId: string; reason: string }[]> =>
  database.rows(
    `SELECT customer_id AS "customerId", reason FROM erasure_wait WHERE acknowledges AND reported IS DISTINCT FROM reason
     ORDER BY customer_id LIMIT $1`,
    [limit],
  );

/** Customers know this reason now. */
export const noteReported = async (database: Queryable, customerId: string, reason: string): Promise<void> => {
  await database.run('UPDATE erasure_wait SET reported = $2 WHERE customer_id = $1', [customerId, reason]);
};
