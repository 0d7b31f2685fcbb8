import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';

/**
 * verify_email and reset_password carry a code; account_exists only lets the owner know that somebody tried to
 * register.
 */
export type CodePurpose = 'verify_email' | 'reset_password' | 'account_exists';

export interface CodeRow {
  id: string;
  purpose: CodePurpose;
  /** null: a decoy for an address without account. */
  customerId: string | null;
  recipient: string | null;
  locale: string;
  expiresAt: string;
}

const COLUMNS = columns(['id', 'purpose', 'customerId', 'recipient', 'locale', 'expiresAt']);
const MOST_ATTEMPTS = 5;

/** Writes a code to be sent; one without recipient is never sent. */
export const insertCode = async (
  tx: Queryable,
  row: {
    id: string;
    purpose: CodePurpose;
    customerId: string | null;
    recipient: string | null;
    locale: string;
    now: Date;
    expiresAt: Date;
  },
): Promise<void> => {
  await tx.run(
    `INSERT INTO one_time_code (id, purpose, customer_id, recipient, locale, attempts, created_at, expires_at, send_after, send_attempts)
     VALUES ($1, $2, $3, $4, $5, 0, $6, $7, CASE WHEN $4::text IS NULL THEN NULL ELSE $6::timestamptz END, 0)`,
    [row.id, row.purpose, row.customerId, row.recipient, row.locale, row.now, row.expiresAt],
  );
};

/** Ends earlier codes of a customer. */
export const expireCodes = async (
  tx: Queryable,
  customerId: string,
  purposes: readonly CodePurpose[],
  now: Date,
): Promise<void> => {
  await tx.run(
    'UPDATE one_time_code SET expires_at = $3, send_after = NULL WHERE customer_id = $1 AND purpose = ANY($2) AND expires_at > $3',
    [customerId, purposes, now],
  );
};

/** Counts a try at a code, before it is compared; undefined when the code is used up, too old or not there. */
export const tryCode = (tx: Queryable, id: string, purpose: CodePurpose, now: Date): Promise<CodeRow | undefined> =>
  tx.maybeOne<CodeRow>(
    `UPDATE one_time_code SET attempts = attempts + 1
     WHERE id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 AND attempts < ${MOST_ATTEMPTS} RETURNING ${COLUMNS}`,
    [id, purpose, now],
  );

/** The id of a customer's newest code of a purpose. */
export const newestCode = async (
  tx: Queryable,
  customerId: string,
  purpose: CodePurpose,
): Promise<string | undefined> =>
  (
    await tx.maybeOne<{ id: string }>(
      'SELECT id FROM one_time_code WHERE customer_id = $1 AND purpose = $2 ORDER BY id DESC LIMIT 1',
      [customerId, purpose],
    )
  )?.id;

/** True for the one who uses a code first. */
export const useCode = async (tx: Queryable, id: string, now: Date): Promise<boolean> =>
  (await tx.run('UPDATE one_time_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2', [
    id,
    now,
  ])) === 1;

/** Takes codes that wait to be sent and puts them off, so that whoever dies while sending is followed by another. */
export const claimCodesToSend = (database: Queryable, now: Date, tryAgainAt: Date, limit: number): Promise<CodeRow[]> =>
  database.rows<CodeRow>(
    `UPDATE one_time_code SET send_after = $2, send_attempts = send_attempts + 1
     WHERE id IN (
       SELECT id FROM one_time_code WHERE send_after <= $1 AND expires_at > $1 ORDER BY send_after, id LIMIT $3 FOR UPDATE SKIP LOCKED
     ) RETURNING ${COLUMNS}`,
    [now, tryAgainAt, limit],
  );

export const markSent = async (database: Queryable, id: string): Promise<void> => {
  await database.run('UPDATE one_time_code SET send_after = NULL WHERE id = $1', [id]);
};

export const deleteCodes = (tx: Queryable, customerId: string): Promise<number> =>
  tx.run('DELETE FROM one_time_code WHERE customer_id = $1', [customerId]);

/** Deletes codes that went to these addresses, whosever they are. */
export const deleteCodesTo = (tx: Queryable, emails: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM one_time_code WHERE recipient = ANY($1::text[])', [[...emails]]);

/** Forgets codes that ran out before a moment, at most `limit`. */
export const forgetCodes = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    'DELETE FROM one_time_code WHERE id IN (SELECT id FROM one_time_code WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2)',
    [before, limit],
  );
