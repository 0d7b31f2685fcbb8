import type { Queryable } from '../../chassis/database/index.ts';
import type { QuietHours } from '../contract.ts';
import type { NotificationRow } from './notifications.ts';

interface PreferenceRow {
  time_zone: string;
  quiet_from: string | null;
  quiet_until: string | null;
}

export interface Preference {
  timeZone: string;
  quietHours: QuietHours | null;
}

export const findPreference = async (database: Queryable, customerId: string): Promise<Preference | undefined> => {
  const row = await database.maybeOne<PreferenceRow>(
    'SELECT time_zone, quiet_from, quiet_until FROM preference WHERE customer_id = $1',
    [customerId],
  );
  if (!row) return undefined;
  const { time_zone: timeZone, quiet_from: from, quiet_until: until } = row;
  return { timeZone, quietHours: from === null || until === null ? null : { from, until } };
};

export const savePreference = async (
  tx: Queryable,
  customerId: string,
  { timeZone, quietHours }: Preference,
  at: Date,
): Promise<void> => {
  await tx.run(
    `INSERT INTO preference (customer_id, time_zone, quiet_from, quiet_until, updated_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (customer_id) DO UPDATE SET time_zone = EXCLUDED.time_zone, quiet_from = EXCLUDED.quiet_from,
       quiet_until = EXCLUDED.quiet_until, updated_at = EXCLUDED.updated_at`,
    [customerId, timeZone, quietHours?.from ?? null, quietHours?.until ?? null, at],
  );
};

/** Moves messages and preferences of a customer to another; preferences that the other chose stay. */
export const moveCustomer = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run('UPDATE notification SET customer_id = $2 WHERE customer_id = $1', [from, to]);
  await tx.run(
    'UPDATE preference SET customer_id = $2 WHERE customer_id = $1 AND NOT EXISTS (SELECT 1 FROM preference WHERE customer_id = $2)',
    [from, to],
  );
  await tx.run('DELETE FROM preference WHERE customer_id = $1', [from]);
};

/** Cancels marketing that a customer no longer wants on a channel; returns what was cancelled. */
export const cancelMarketing = (tx: Queryable, customerId: string, channel: string): Promise<NotificationRow[]> =>
  tx.rows<NotificationRow>(
    `UPDATE notification SET state = 'cancelled'
     WHERE customer_id = $1 AND channel = $2 AND purpose = 'marketing' AND state = 'queued' RETURNING *`,
    [customerId, channel],
  );

/**
 * Deletes every message to or about these customers, and those that went without a customer to addresses that are
 * theirs (orders as a guest); returns those that still waited.
 */
export const erasePerson = async (
  tx: Queryable,
  customerIds: readonly string[],
  emails: readonly string[],
): Promise<NotificationRow[]> => {
  // Not the addresses that messages went to: anybody can register with a stranger's, and would delete what the stranger
  // got.
  const [ids, addresses] = [[...customerIds], [...emails]];
  const theirs = 'customer_id = ANY($1) OR about = ANY($1) OR (customer_id IS NULL AND recipient = ANY($2))';
  await tx.run(
    `DELETE FROM dev_inbox WHERE recipient = ANY($2) OR id IN (SELECT id FROM notification WHERE ${theirs})`,
    [ids, addresses],
  );
  const deleted = await tx.rows<NotificationRow>(`DELETE FROM notification WHERE ${theirs} RETURNING *`, [
    ids,
    addresses,
  ]);
  await tx.run('DELETE FROM preference WHERE customer_id = ANY($1)', [ids]);
  return deleted.filter(({ state }) => state === 'queued');
};

/** Deletes every message about a thing, whoever got it; returns those that still waited. */
export const deleteAbout = async (tx: Queryable, about: string): Promise<NotificationRow[]> => {
  await tx.run('DELETE FROM dev_inbox WHERE id IN (SELECT id FROM notification WHERE about = $1)', [about]);
  const deleted = await tx.rows<NotificationRow>('DELETE FROM notification WHERE about = $1 RETURNING *', [about]);
  return deleted.filter(({ state }) => state === 'queued');
};
