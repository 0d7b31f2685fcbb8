import type { Queryable } from '../database/index.ts';
import type { AuditDetails, AuditLine } from './line.ts';

/** A line that waits for the audit service. */
export interface WaitingLine {
  id: string;
  at: string;
  operation: string;
  caller: string;
  address: string | null;
  correlationId: string;
  details: AuditDetails | null;
}

/** The oldest lines that wait. */
export const waitingLines = (database: Queryable, limit: number): Promise<WaitingLine[]> =>
  database.rows(
    `SELECT id, at, operation, caller, address, correlationid AS "correlationId", details
     FROM audit_log ORDER BY id LIMIT $1`,
    [limit],
  );

/** Deletes lines that the audit service has. One that a power cut brings back is sent again, under the same id. */
export const deleteLines = async (database: Queryable, ids: readonly string[]): Promise<void> => {
  await database.run(
    `WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
     DELETE FROM audit_log USING relaxed WHERE id = ANY($1::uuid[])`,
    [ids],
  );
};

/** A refusal: nothing was committed that its line could have gone with. */
export interface RefusedLine extends AuditLine {
  id: string;
  at: Date;
  correlationId: string;
}

export const insertRefusals = async (database: Queryable, lines: readonly RefusedLine[]): Promise<void> => {
  await database.run(
    `WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
     INSERT INTO audit_log (id, at, operation, caller, address, correlationid, details)
     SELECT l.id, l.at, l.operation, l.caller, l.address, l."correlationId", l.details
     FROM relaxed, jsonb_to_recordset($1::jsonb)
       AS l(id uuid, at timestamptz, operation text, caller text, address text, "correlationId" text, details jsonb)`,
    [JSON.stringify(lines)],
  );
};

/** Forgets where these customers were when they acted or signed up; their lines that still wait stay. */
export const forgetPlaces = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run(
    `UPDATE audit_log SET address = NULL, details = details - 'userAgent'
     WHERE caller = ANY($1::text[]) OR (caller LIKE 'anonymous:%' AND details ->> 'resource' = ANY($2::text[]))`,
    [customerIds.map((id) => `customer:${id}`), customerIds],
  );
};
