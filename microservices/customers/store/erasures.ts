import { z } from 'zod';
import { id, timestamp, type InputOf } from '../../chassis/contract/index.ts';
import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { readCursor } from '../../chassis/cursor.ts';
import type { customersContract } from '../contract.ts';
import type { Erasure } from '../contract/values.ts';

const COLUMNS = columns(['customerId', 'state', 'requestedAt', 'requestedBy', 'completedAt'], 'e');
const SELECT = `SELECT ${COLUMNS},
    (SELECT json_agg(json_build_object('service', a.service, 'at', a.acknowledged_at, 'reason', a.waits_because) ORDER BY a.service)
     FROM erasure_acknowledgement a WHERE a.customer_id = e.customer_id) AS services
  FROM erasure e`;

interface ErasureRow extends Omit<Erasure, 'services'> {
  services: { service: string; at: string | null; reason: string | null }[] | null;
}

/** JSON writes times as PostgreSQL does; the contract has them as ISO 8601 in UTC. */
const toErasure = (row: ErasureRow): Erasure => ({
  ...row,
  services: (row.services ?? []).map(({ service, at, reason }) => ({
    service,
    acknowledgedAt: at === null ? null : new Date(at).toISOString(),
    waitsBecause: reason,
  })),
});

export const findErasure = async (database: Queryable, customerId: string): Promise<Erasure | undefined> => {
  const row = await database.maybeOne<ErasureRow>(`${SELECT} WHERE e.customer_id = $1`, [customerId]);
  return row && toErasure(row);
};

/** The erasure of an address that is under way. */
export const findErasureOf = async (database: Queryable, email: string): Promise<Erasure | undefined> => {
  const row = await database.maybeOne<ErasureRow>(
    `${SELECT} WHERE e.state = 'requested' AND e.emails @> ARRAY[$1] ORDER BY e.requested_at LIMIT 1`,
    [email],
  );
  return row && toErasure(row);
};

/** The e-mail addresses of who is being erased; undefined when nobody asked for it. */
export const findErasureEmails = async (database: Queryable, customerId: string): Promise<string[] | undefined> =>
  (await database.maybeOne<{ emails: string[] }>('SELECT emails FROM erasure WHERE customer_id = $1', [customerId]))
    ?.emails;

export const lockErasure = async (tx: Queryable, customerId: string): Promise<boolean> =>
  (await tx.maybeOne<{ found: number }>('SELECT 1 AS found FROM erasure WHERE customer_id = $1 FOR UPDATE', [
    customerId,
  ])) !== undefined;

export const insertErasure = async (
  tx: Queryable,
  row: {
    customerId: string;
    requestedBy: Erasure['requestedBy'];
    emails: readonly string[];
    services: readonly string[];
    now: Date;
  },
): Promise<void> => {
  await tx.run(
    `INSERT INTO erasure (customer_id, state, requested_at, requested_by, emails) VALUES ($1, 'requested', $2, $3, $4)`,
    [row.customerId, row.now, row.requestedBy, [...row.emails]],
  );
  await tx.run('INSERT INTO erasure_acknowledgement (customer_id, service) SELECT $1, unnest($2::text[])', [
    row.customerId,
    row.services,
  ]);
};

/**
 * Writes the first acknowledgement of a service; a later one changes nothing. Services that were not asked are noted
 * too.
 */
export const acknowledge = async (tx: Queryable, customerId: string, service: string, now: Date): Promise<void> => {
  await tx.run(
    `INSERT INTO erasure_acknowledgement AS a (customer_id, service, acknowledged_at) VALUES ($1, $2, $3)
     ON CONFLICT (customer_id, service) DO UPDATE SET acknowledged_at = EXCLUDED.acknowledged_at, waits_because = NULL
       WHERE a.acknowledged_at IS NULL`,
    [customerId, service, now],
  );
};

/**
 * Notes why a service that was asked waits. True when that is news: not for the same reason, nor once it has
 * acknowledged.
 */
export const postpone = async (tx: Queryable, customerId: string, service: string, reason: string): Promise<boolean> =>
  (await tx.run(
    `UPDATE erasure_acknowledgement SET waits_because = $3
     WHERE customer_id = $1 AND service = $2 AND acknowledged_at IS NULL AND waits_because IS DISTINCT FROM $3`,
    [customerId, service, reason],
  )) === 1;

/** True for the one that completes it. */
export const completeErasure = async (tx: Queryable, customerId: string, now: Date): Promise<boolean> =>
  (await tx.run(
    `UPDATE erasure SET state = 'completed', completed_at = $2, emails = '{}' WHERE customer_id = $1 AND state = 'requested'`,
    [customerId, now],
  )) === 1;

const POSITION = z.tuple([timestamp, id('cus')]);

/** Requests, oldest first; one more than `limit`. */
export const listErasures = async (
  database: Queryable,
  filter: InputOf<typeof customersContract, 'listErasures'>,
): Promise<Erasure[]> => {
  const [at, after] = readCursor(filter.cursor, POSITION) ?? [null, null];
  const rows = await database.rows<ErasureRow>(
    `${SELECT}
     WHERE ($1::text IS NULL OR e.state = $1)
       AND ($2::text IS NULL OR EXISTS (
         SELECT 1 FROM erasure_acknowledgement w WHERE w.customer_id = e.customer_id AND w.service = $2 AND w.acknowledged_at IS NULL))
       AND ($3::timestamptz IS NULL OR (e.requested_at, e.customer_id) > ($3, $4))
     ORDER BY e.requested_at, e.customer_id LIMIT $5`,
    [filter.state, filter.waitingFor, at, after, filter.limit + 1],
  );
  return rows.map(toErasure);
};
