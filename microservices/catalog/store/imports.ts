import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { ImportRecord, Rejection } from '../contract/imports.ts';

/** An import with the fingerprint of the rows that are in, by which the same file is known again. */
export interface ImportRow extends ImportRecord {
  fingerprint: string;
}

const COLUMNS = `rows_read AS rows, ${columns([
  'id',
  'state',
  'committedLine',
  'fingerprint',
  'accepted',
  'rejected',
  'created',
  'updated',
  'startedAt',
  'completedAt',
])}`;

/** The running import that `requestKey` began, or a new one under `id`. */
export const beginImport = async (tx: Queryable, id: string, requestKey: string, now: Date): Promise<ImportRow> => {
  await tx.run(
    `INSERT INTO catalog_import (id, request_key, state, committed_line, fingerprint, rows_read, accepted, rejected, created, updated, started_at)
     VALUES ($1, $2, 'running', 0, '', 0, 0, 0, 0, 0, $3) ON CONFLICT (request_key) WHERE state = 'running' DO NOTHING`,
    [id, requestKey, now],
  );
  return tx.one<ImportRow>(`SELECT ${COLUMNS} FROM catalog_import WHERE request_key = $1 AND state = 'running'`, [
    requestKey,
  ]);
};

/** Forgets an import of whose file no row could be read: there is nothing to resume. */
export const forgetUnbegun = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run(`DELETE FROM catalog_import WHERE id = $1 AND rows_read = 0 AND state = 'running'`, [id]);
};

export const findImport = (tx: Queryable, id: string): Promise<ImportRow | undefined> =>
  tx.maybeOne<ImportRow>(`SELECT ${COLUMNS} FROM catalog_import WHERE id = $1`, [id]);

/** Moves the checkpoint from `before` to `after`; false when another request moved it. */
export const advanceImport = async (tx: Queryable, before: ImportRow, after: ImportRow): Promise<boolean> =>
  (await tx.run(
    `UPDATE catalog_import SET state = $3, committed_line = $4, fingerprint = $5, rows_read = $6, accepted = $7, rejected = $8, created = $9, updated = $10,
       completed_at = $11
     WHERE id = $1 AND rows_read = $2 AND state = 'running'`,
    [
      before.id,
      before.rows,
      after.state,
      after.committedLine,
      after.fingerprint,
      after.rows,
      after.accepted,
      after.rejected,
      after.created,
      after.updated,
      after.completedAt,
    ],
  )) === 1;

export const saveRejections = async (
  tx: Queryable,
  importId: string,
  rejections: readonly Rejection[],
): Promise<void> => {
  if (rejections.length === 0) return;
  await tx.run(
    `INSERT INTO import_rejection (import_id, line, ordinal, column_name, value, reason)
     SELECT $1, r.line, r.ordinal, r."column", r.value, r.reason
     FROM jsonb_to_recordset($2::jsonb) AS r(line int, ordinal int, "column" text, value text, reason text)`,
    [importId, JSON.stringify(rejections.map((each, ordinal) => ({ ...each, ordinal })))],
  );
};

export const listImports = (
  tx: Queryable,
  state: string | undefined,
  before: readonly [string, string] | undefined,
  count: number,
): Promise<ImportRow[]> =>
  tx.rows<ImportRow>(
    `SELECT ${COLUMNS} FROM catalog_import
     WHERE ($1::text IS NULL OR state = $1) AND ($2::timestamptz IS NULL OR (started_at, id) < ($2, $3::text))
     ORDER BY started_at DESC, id DESC LIMIT $4`,
    [state, before?.[0], before?.[1], count],
  );

export const listRejections = (
  tx: Queryable,
  importId: string,
  after: readonly [number, number] | undefined,
  count: number,
): Promise<(Rejection & { ordinal: number })[]> =>
  tx.rows<Rejection & { ordinal: number }>(
    `SELECT line, ordinal, column_name AS "column", value, reason FROM import_rejection
     WHERE import_id = $1 AND ($2::int IS NULL OR (line, ordinal) > ($2, $3::int)) ORDER BY line, ordinal LIMIT $4`,
    [importId, after?.[0], after?.[1], count],
  );
