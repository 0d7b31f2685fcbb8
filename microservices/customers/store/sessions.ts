import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';

export interface SessionRow {
  id: string;
  customerId: string;
  generation: number;
  device: string | null;
  startedAt: string;
  lastUsedAt: string;
  /** When the refresh token runs out. */
  expiresAt: string;
  /** When the session ends, however often it is refreshed. */
  endsBy: string;
  endedAt: string | null;
  endReason: string | null;
}

const COLUMNS = columns([
  'id',
  'customerId',
  'generation',
  'device',
  'startedAt',
  'lastUsedAt',
  'expiresAt',
  'endsBy',
  'endedAt',
  'endReason',
]);

export const insertSession = async (
  tx: Queryable,
  row: { id: string; customerId: string; device: string | null; now: Date; expiresAt: Date; endsBy: Date },
): Promise<void> => {
  await tx.run(
    `INSERT INTO session (id, customer_id, generation, device, started_at, last_used_at, expires_at, ends_by) VALUES ($1, $2, 1, $3, $4, $4, $5, $6)`,
    [row.id, row.customerId, row.device, row.now, row.expiresAt, row.endsBy],
  );
};

export const findSession = (database: Queryable, id: string): Promise<SessionRow | undefined> =>
  database.maybeOne<SessionRow>(`SELECT ${COLUMNS} FROM session WHERE id = $1`, [id]);

export const lockSession = (tx: Queryable, id: string): Promise<SessionRow | undefined> =>
  tx.maybeOne<SessionRow>(`SELECT ${COLUMNS} FROM session WHERE id = $1 FOR UPDATE`, [id]);

/** Makes the next refresh token the good one. */
export const advanceSession = async (tx: Queryable, id: string, now: Date, expiresAt: Date): Promise<void> => {
  await tx.run('UPDATE session SET generation = generation + 1, last_used_at = $2, expires_at = $3 WHERE id = $1', [
    id,
    now,
    expiresAt,
  ]);
};

export const isLive = (session: SessionRow | undefined, now: Date): session is SessionRow =>
  session !== undefined && session.endedAt === null && new Date(session.expiresAt) > now;

/** Ends the live sessions of a customer, all or one or all but one, and returns which. */
export const endSessions = async (
  tx: Queryable,
  which: { customerId: string; only?: string | undefined; except?: string | undefined },
  reason: string,
  now: Date,
): Promise<string[]> => {
  const ended = await tx.rows<{ id: string }>(
    `UPDATE session SET ended_at = $2, end_reason = $3
     WHERE customer_id = $1 AND ended_at IS NULL AND expires_at > $2 AND ($4::text IS NULL OR id = $4) AND ($5::text IS NULL OR id <> $5)
     RETURNING id`,
    [which.customerId, now, reason, which.only, which.except],
  );
  return ended.map((row) => row.id).toSorted();
};

/** Live sessions, newest first; one more than `limit`. */
export const listLiveSessions = (
  database: Queryable,
  customerId: string,
  now: Date,
  page: { limit: number; cursor?: string | undefined },
): Promise<SessionRow[]> => {
  const [before] = readCursor(page.cursor, oneText) ?? [null];
  return database.rows<SessionRow>(
    `SELECT ${COLUMNS} FROM session
     WHERE customer_id = $1 AND ended_at IS NULL AND expires_at > $2 AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
    [customerId, now, before, page.limit + 1],
  );
};

/** Every session still known, live or not, for the person's own eyes. */
export const allSessions = (database: Queryable, customerId: string): Promise<SessionRow[]> =>
  database.rows<SessionRow>(`SELECT ${COLUMNS} FROM session WHERE customer_id = $1 ORDER BY id`, [customerId]);

export const deleteSessions = (tx: Queryable, customerId: string): Promise<number> =>
  tx.run('DELETE FROM session WHERE customer_id = $1', [customerId]);

/** Forgets sessions that ran out before a moment, at most `limit`. */
export const forgetSessions = (database: Queryable, before: Date, limit: number): Promise<number> =>
  database.run(
    'DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2)',
    [before, limit],
  );
