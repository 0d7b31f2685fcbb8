import type { Queryable } from '../../chassis/database/index.ts';

/**
 * The branch that a subject has, kept for ever once it is there. `of` are the branches that exist now: another one is
 * replaced.
 */
export const putAssignment = async (
  tx: Queryable,
  wanted: { split: string; subject: string; branch: string; of: readonly string[] },
  now: Date,
): Promise<{ branch: string; first: boolean }> => {
  const made = await tx.maybeOne<{ branch: string }>(
    `INSERT INTO split_assignment AS known (split, subject, branch, assigned_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (split, subject) DO UPDATE SET branch = EXCLUDED.branch, assigned_at = EXCLUDED.assigned_at, converted_at = NULL
       WHERE NOT known.branch = ANY($5::text[])
     RETURNING branch`,
    [wanted.split, wanted.subject, wanted.branch, now, [...wanted.of]],
  );
  if (made) return { branch: made.branch, first: true };
  const known = await tx.one<{ branch: string }>(
    'SELECT branch FROM split_assignment WHERE split = $1 AND subject = $2',
    [wanted.split, wanted.subject],
  );
  return { branch: known.branch, first: false };
};

export const countBranches = (
  sql: Queryable,
  split: string,
): Promise<{ name: string; customers: number; converted: number }[]> =>
  sql.rows(
    `SELECT branch AS name, count(*) AS customers, count(converted_at) AS converted FROM split_assignment
     WHERE split = $1 GROUP BY branch ORDER BY branch`,
    [split],
  );
