import { sessionEnded } from './auth/authenticate.ts';
import type { Caller } from './auth/caller.ts';
import type { Contract } from './contract/index.ts';
import type { Queryable } from './database/index.ts';

// A person's end in a domain that keeps personal data. Who writes about a person locks it, and so does who erases it:
// whichever comes second sees the first.

/**
 * Locks a customer until the transaction ends. False when it was erased here or merged into another: nothing may be
 * written about it any more. Only the first time writes a row; an update for the lock alone would leave a dead row
 * behind at every command.
 */
export const lockPerson = async (tx: Queryable, customerId: string): Promise<boolean> => {
  const { ended } = await tx.one<{ ended: boolean }>(
    `WITH known AS (SELECT ended_at IS NOT NULL AS ended FROM person WHERE customer_id = $1 FOR UPDATE),
          added AS (INSERT INTO person (customer_id) SELECT $1 WHERE NOT EXISTS (SELECT FROM known)
                    ON CONFLICT (customer_id) DO UPDATE SET customer_id = EXCLUDED.customer_id
                    RETURNING ended_at IS NOT NULL AS ended)
     SELECT ended FROM known UNION ALL SELECT ended FROM added`,
    [customerId],
  );
  return !ended;
};

/**
 * Ends customers for this domain, waiting for those who write about them; to be called before what they have is erased
 * or moved.
 */
export const endPersons = async (tx: Queryable, customerIds: readonly string[], at: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO person AS p (customer_id, ended_at) SELECT DISTINCT id, $2::timestamptz FROM unnest($1::text[]) AS ids (id) ORDER BY id
     ON CONFLICT (customer_id) DO UPDATE SET ended_at = coalesce(p.ended_at, EXCLUDED.ended_at)`,
    [customerIds, at],
  );
};

/**
 * Locks the customer who asks for a change, in domains that keep personal data. Throws 401 when the person has ended
 * there.
 */
export const lockCaller = async (
  tx: Queryable,
  { personalData }: Pick<Contract, 'personalData'>,
  caller: Caller,
): Promise<void> => {
  if (!personalData || caller.kind !== 'customer') return;
  if (!(await lockPerson(tx, caller.customerId))) throw sessionEnded();
};
