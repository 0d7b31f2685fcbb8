import type { Database, Queryable } from './database/index.ts';
import type { Job } from './jobs.ts';
import { Problem } from './problem.ts';

// For domains that keep data of persons and are asked to let go of it. Their schema has a table for what they still have to say:
// erasure (customer_id text PRIMARY KEY, erased_at timestamptz NOT NULL, acknowledged_at timestamptz).

/**
 * Forgets the answers that are remembered for these customers' own requests, and would be for 24 hours: they hold the persons' data. Answers to API keys
 * that concern them are not known by customer; they go when their 24 hours are over.
 */
export const forgetAnswers = (tx: Queryable, customerIds: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM idempotency WHERE caller = ANY($1::text[])', [customerIds.map((id) => `customer:${id}`)]);

/** Remembers, in the transaction that erases, that this has to be acknowledged. */
export const oweAcknowledgement = async (tx: Queryable, customerId: string, at: Date): Promise<void> => {
  await tx.run('INSERT INTO erasure (customer_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [customerId, at]);
};

const BATCH = 50;

/**
 * A job that acknowledges what is owed, again next time when customers cannot be reached. That customers knows nothing of the erasure (404)
 * leaves nothing to acknowledge.
 */
export const acknowledgeErasures = (
  { database, now }: { database: Database; now: () => Date },
  everyMs: number,
  acknowledge: (customerId: string) => Promise<unknown>,
): Job => ({
  name: 'acknowledge-erasures',
  everyMs,
  run: async () => {
    const owed = await database.rows<{ customer_id: string }>(
      'SELECT customer_id FROM erasure WHERE acknowledged_at IS NULL ORDER BY customer_id LIMIT $1',
      [BATCH],
    );
    for (const { customer_id: customerId } of owed) {
      await acknowledge(customerId).catch((error: unknown) => {
        if (!(error instanceof Problem && error.status === 404)) throw error;
      });
      await database.run('UPDATE erasure SET acknowledged_at = $2 WHERE customer_id = $1', [customerId, now()]);
    }
    return owed.length === BATCH;
  },
});
