import type { Queryable } from '../../chassis/database/index.ts';

/** Seats that customers still have in teams which have not ended. */
export const openSeatsOf = (db: Queryable, customerIds: readonly string[]): Promise<{ id: string; teamId: string }[]> =>
  db.rows<{ id: string; teamId: string }>(
    `SELECT id, team_id AS "teamId" FROM seat WHERE customer_id = ANY($1::text[]) AND state IN ('claimed', 'held') ORDER BY team_id, id`,
    [customerIds],
  );

/** Bargains that customers have started and that have not ended. */
export const openBargainsOf = (db: Queryable, customerIds: readonly string[]): Promise<{ id: string }[]> =>
  db.rows<{ id: string }>(
    `SELECT id FROM bargain WHERE customer_id = ANY($1::text[]) AND state IN ('running', 'won', 'buying') ORDER BY id`,
    [customerIds],
  );

/** How many orders of bargains are being made for these customers. */
export const payingBargainsOf = async (db: Queryable, customerIds: readonly string[]): Promise<number> =>
  (
    await db.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM bargain WHERE customer_id = ANY($1::text[]) AND state = 'paying'`,
      [customerIds],
    )
  ).count;

/** How many orders of complete teams are being made for these customers. */
export const wonSeatsOf = async (db: Queryable, customerIds: readonly string[]): Promise<number> =>
  (
    await db.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM seat WHERE customer_id = ANY($1::text[]) AND state = 'won'`,
      [customerIds],
    )
  ).count;

/** Takes the persons off their seats. Teams, prices and amounts stay. */
export const forgetPersons = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  await tx.run(`UPDATE seat SET customer_id = NULL WHERE customer_id = ANY($1::text[])`, [customerIds]);
  await tx.run(`UPDATE team SET leader_id = NULL WHERE leader_id = ANY($1::text[])`, [customerIds]);
  await tx.run(`UPDATE bargain SET customer_id = NULL WHERE customer_id = ANY($1::text[])`, [customerIds]);
  await tx.run(`UPDATE bargain_cut SET customer_id = NULL WHERE customer_id = ANY($1::text[])`, [customerIds]);
};

/**
 * Seats of one customer belong to another from now on: two records of the same person became one. A team in which both
 * have a seat keeps the second one under the old name until it ends.
 */
export const movePersons = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run(
    `UPDATE seat s SET customer_id = $2 WHERE s.customer_id = $1
       AND NOT EXISTS (SELECT FROM seat o WHERE o.team_id = s.team_id AND o.customer_id = $2 AND o.state IN ('claimed', 'held', 'won', 'ordered'))`,
    [from, to],
  );
  await tx.run(`UPDATE team SET leader_id = $2 WHERE leader_id = $1`, [from, to]);
  await tx.run(`UPDATE bargain SET customer_id = $2 WHERE customer_id = $1`, [from, to]);
  await tx.run(
    `UPDATE bargain_cut u SET customer_id = $2 WHERE u.customer_id = $1
       AND NOT EXISTS (SELECT FROM bargain_cut o WHERE o.bargain_id = u.bargain_id AND o.customer_id = $2)`,
    [from, to],
  );
};
