import type { Queryable } from '../../chassis/database/index.ts';

/**
 * Forgets what the chassis remembers to answer a customer's repeated requests with (it would by itself after 24 hours): those answers
 * hold the person's data.
 */
export const forgetAnswers = (tx: Queryable, customerId: string): Promise<number> =>
  tx.run('DELETE FROM idempotency WHERE caller = $1', [`customer:${customerId}`]);
