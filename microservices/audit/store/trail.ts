import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { ORIGIN, type Break, type BreakReason, type Place, type SealedEntry } from '../policy.ts';

/** Where the trail begins and ends, and what the last check said. */
export interface Trail {
  start: Place;
  head: Place;
  checkedAt: string | null;
  broken: Pick<Break, 'position' | 'reason'> | null;
}

interface TrailRow {
  startPosition: number;
  startHash: string;
  headPosition: number;
  headHash: string;
  checkedAt: string | null;
  brokenPosition: number | null;
  brokenBecause: BreakReason | null;
}

const TRAIL = columns([
  'startPosition',
  'startHash',
  'headPosition',
  'headHash',
  'checkedAt',
  'brokenPosition',
  'brokenBecause',
]);

const toTrail = (row: TrailRow): Trail => ({
  start: { position: row.startPosition, hash: row.startHash },
  head: { position: row.headPosition, hash: row.headHash },
  checkedAt: row.checkedAt,
  broken:
    row.brokenPosition === null || row.brokenBecause === null
      ? null
      : { position: row.brokenPosition, reason: row.brokenBecause },
});

/** Makes the empty trail where there is none. */
export const ensureTrail = async (db: Queryable): Promise<void> => {
  await db.run(
    `INSERT INTO audit_trail (id, start_position, start_hash, head_position, head_hash) VALUES (1, $1, $2, $1, $2)
     ON CONFLICT DO NOTHING`,
    [ORIGIN.position, ORIGIN.hash],
  );
};

export const readTrail = async (db: Queryable): Promise<Trail> =>
  toTrail(await db.one<TrailRow>(`SELECT ${TRAIL} FROM audit_trail WHERE id = 1`));

/** Locks the trail, so that entries are added by one transaction at a time. */
export const lockTrail = async (tx: Queryable): Promise<Trail> =>
  toTrail(await tx.one<TrailRow>(`SELECT ${TRAIL} FROM audit_trail WHERE id = 1 FOR UPDATE`));

export const SEALED = [
  'position',
  'id',
  'at',
  'recordedAt',
  'recordedBy',
  'operation',
  'caller',
  'name',
  'guest',
  'resource',
  'workflowId',
  'executionId',
  'node',
  'refusal',
  'correlationId',
  'address',
  'userAgent',
  'salt',
  'personalDigest',
  'hash',
] as const satisfies (keyof SealedEntry)[];

const INSERT = `
WITH added AS (
  INSERT INTO audit_entry (position, id, at, recorded_at, recorded_by, operation, caller, name, guest, resource, workflow_id,
    execution_id, node, refusal, correlation_id, address, user_agent, salt, personal_digest, hash)
  SELECT position, id, at, "recordedAt", "recordedBy", operation, caller, name, guest, resource, "workflowId",
    "executionId", node, refusal, "correlationId", address, "userAgent", salt, "personalDigest", hash
  FROM jsonb_to_recordset($1::jsonb) AS e(position bigint, id text, at timestamptz, "recordedAt" timestamptz,
    "recordedBy" text, operation text, caller text, name text, guest boolean, resource text, "workflowId" text,
    "executionId" text, node text, refusal text, "correlationId" text, address text, "userAgent" text, salt text,
    "personalDigest" text, hash text)
)
UPDATE audit_trail SET head_position = $2, head_hash = $3 WHERE id = 1`;

/** Adds sealed entries and moves the head behind the last of them. The trail is locked. */
export const addEntries = async (tx: Queryable, entries: readonly SealedEntry[]): Promise<void> => {
  const last = entries.at(-1);
  if (last) await tx.run(INSERT, [JSON.stringify(entries), last.position, last.hash]);
};

/** Those of these ids that are in the trail already. */
export const knownIds = async (tx: Queryable, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await tx.rows<{ id: string }>('SELECT id FROM audit_entry WHERE id = ANY($1::text[])', [ids]);
  return new Set(rows.map(({ id }) => id));
};

/** Those of these customers who were erased or merged: nothing is kept of where they were. */
export const endedAmong = async (tx: Queryable, customerIds: readonly string[]): Promise<Set<string>> => {
  if (customerIds.length === 0) return new Set();
  const rows = await tx.rows<{ id: string }>(
    'SELECT customer_id AS id FROM person WHERE customer_id = ANY($1::text[]) AND ended_at IS NOT NULL',
    [customerIds],
  );
  return new Set(rows.map(({ id }) => id));
};

/** Empties what tells where these customers were when they acted or signed up, and returns those who had any. */
export const emptyPersonal = async (tx: Queryable, customerIds: readonly string[]): Promise<string[]> => {
  const rows = await tx.rows<{ customerId: string }>(
    `WITH emptied AS (
       UPDATE audit_entry SET address = NULL, user_agent = NULL, salt = NULL
       WHERE salt IS NOT NULL
         AND (caller = ANY($1::text[]) OR (caller LIKE 'anonymous:%' AND resource = ANY($2::text[])))
       RETURNING CASE WHEN caller LIKE 'anonymous:%' THEN resource ELSE substr(caller, 10) END AS id
     ) SELECT DISTINCT id AS "customerId" FROM emptied ORDER BY id`,
    [customerIds.map((id) => `customer:${id}`), customerIds],
  );
  return rows.map(({ customerId }) => customerId);
};

/** Entries behind a position, up to another one, in the order of the chain. */
export const entriesBehind = (db: Queryable, position: number, until: number, limit: number): Promise<SealedEntry[]> =>
  db.rows<SealedEntry>(
    `SELECT ${columns(SEALED)} FROM audit_entry WHERE position > $1 AND position <= $2 ORDER BY position ASC LIMIT $3`,
    [position, until, limit],
  );

/** The number of the last row in the table, which should be the head. */
export const lastPosition = async (db: Queryable): Promise<number> =>
  (await db.one<{ last: number }>('SELECT coalesce(max(position), 0) AS last FROM audit_entry')).last;

/** Keeps what a check found. */
export const noteCheck = async (tx: Queryable, at: Date, broken: Break | undefined): Promise<void> => {
  await tx.run('UPDATE audit_trail SET checked_at = $1, broken_position = $2, broken_because = $3 WHERE id = 1', [
    at,
    broken?.position ?? null,
    broken?.reason ?? null,
  ]);
};

/** The trail begins behind this place from now on. */
export const moveStart = async (tx: Queryable, { position, hash }: Place): Promise<void> => {
  await tx.run('UPDATE audit_trail SET start_position = $1, start_hash = $2 WHERE id = 1', [position, hash]);
};

/** Deletes some entries before the beginning; true when there may be more. */
export const deleteDropped = async (db: Queryable, limit: number): Promise<boolean> =>
  (await db.run(
    `DELETE FROM audit_entry WHERE position IN (
       SELECT position FROM audit_entry WHERE position <= (SELECT start_position FROM audit_trail WHERE id = 1)
       ORDER BY position ASC LIMIT $1)`,
    [limit],
  )) === limit;
