import type { z } from 'zod';
import type { Queryable } from '../../chassis/database/index.ts';
import type { reconciliation } from '../contract/reconciliations.ts';
import type { OwnMovement } from '../policy/reconcile.ts';

export type Reconciliation = z.output<typeof reconciliation>;

const COLUMNS = `id, provider, from_at AS "from", to_at AS "to", lines, matched, fees, differences, created_at AS "createdAt"`;

/** Captures and refunds that a provider made in a period. */
export const movementsBetween = (db: Queryable, provider: string, from: Date, to: Date): Promise<OwnMovement[]> =>
  db.rows<OwnMovement>(
    `SELECT o.id, o.amount, y.currency FROM operation o JOIN payment_part p ON p.id = o.part_id JOIN payment y ON y.id = o.payment_id
     WHERE o.state = 'succeeded' AND o.kind IN ('capture', 'refund') AND o.settled_at >= $2 AND o.settled_at < $3 AND p.provider = $1
     ORDER BY o.id`,
    [provider, from, to],
  );

/** Movements that a report names and that were settled outside of its period: they are no difference. */
export const movementsById = (db: Queryable, ids: readonly string[]): Promise<OwnMovement[]> =>
  db.rows<OwnMovement>(
    `SELECT o.id, o.amount, y.currency FROM operation o JOIN payment y ON y.id = o.payment_id
     WHERE o.id = ANY ($1::text[]) AND o.state = 'succeeded'`,
    [ids],
  );

export const insertReconciliation = async (tx: Queryable, made: Reconciliation): Promise<void> => {
  await tx.run(
    `INSERT INTO reconciliation (id, provider, from_at, to_at, lines, matched, fees, differences, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9)`,
    [
      made.id,
      made.provider,
      made.from,
      made.to,
      made.lines,
      made.matched,
      JSON.stringify(made.fees),
      JSON.stringify(made.differences),
      made.createdAt,
    ],
  );
};

export const listReconciliations = (db: Queryable, limit: number, before?: string): Promise<Reconciliation[]> =>
  db.rows<Reconciliation>(
    `SELECT ${COLUMNS} FROM reconciliation WHERE ($1::text IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
    [before ?? null, limit + 1],
  );
