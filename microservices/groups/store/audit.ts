import type { Queryable } from '../../chassis/database/index.ts';

const PROBLEMS = `
WITH counted AS (
  SELECT t.id, t.state, t.size, t.taken, t.members, t.reached_size,
    count(s.id) FILTER (WHERE s.state IN ('claimed', 'held'))::int AS taken_now,
    count(s.id) FILTER (WHERE s.state = 'held')::int AS held_now,
    count(s.id) FILTER (WHERE s.state IN ('claimed', 'held', 'won', 'ordered'))::int AS all_now
  FROM team t LEFT JOIN seat s ON s.team_id = t.id GROUP BY t.id
)
SELECT format('Team %s counts %s taken and %s members, but has %s and %s', id, taken, members, taken_now, held_now) AS problem
  FROM counted WHERE state IN ('open', 'forming') AND (taken <> taken_now OR members <> held_now)
UNION ALL SELECT format('Team %s has %s seats of %s', id, all_now, size) FROM counted WHERE all_now > size
UNION ALL SELECT format('Team %s is %s and still has open seats', id, state) FROM counted
  WHERE state NOT IN ('open', 'forming') AND taken_now > 0
UNION ALL SELECT format('Team %s is complete without a tier', id) FROM counted WHERE state = 'complete' AND reached_size = 0
UNION ALL SELECT format('Seat %s is %s without money or stock', id, state) FROM seat
  WHERE state IN ('held', 'won', 'ordered') AND (hold_id IS NULL OR reservation_id IS NULL OR held IS NULL)
UNION ALL SELECT format('Seat %s paid more than was held or shown', id) FROM seat WHERE paid > held OR price > shown_price
UNION ALL SELECT format('Campaign %s counts %s of %s seats', c.id, c.taken, s.taken) FROM campaign c,
  LATERAL (SELECT count(*)::int AS taken FROM seat s WHERE s.campaign_id = c.id AND s.state IN ('claimed', 'held', 'won', 'ordered')) s
  WHERE c.stock_cap IS NOT NULL AND c.taken <> s.taken
UNION ALL SELECT format('Bargain %s counts %s cuts down to %s, but has %s of %s', b.id, b.cuts_made, b.price, u.made, u.amount) FROM bargain b,
  LATERAL (SELECT count(*)::int AS made, coalesce(sum(amount), 0)::bigint AS amount FROM bargain_cut u WHERE u.bargain_id = b.id) u
  WHERE u.made <> b.cuts_made OR u.amount <> b.start_price - b.price OR (b.cuts_made = b.cuts) <> (b.price = b.floor_price)
UNION ALL SELECT format('Bargain %s is %s without money or stock', id, state) FROM bargain
  WHERE state IN ('paying', 'bought') AND (hold_id IS NULL OR reservation_id IS NULL OR held IS NULL)
LIMIT 100`;

/** Adds up all teams, seats and bargains in one snapshot. */
export const auditTeams = async (
  db: Queryable,
): Promise<{ teams: number; seats: number; bargains: number; problems: string[] }> => {
  const [counts, problems] = await Promise.all([
    db.one<{ teams: number; seats: number; bargains: number }>(
      'SELECT (SELECT count(*)::int FROM team) AS teams, (SELECT count(*)::int FROM seat) AS seats, (SELECT count(*)::int FROM bargain) AS bargains',
    ),
    db.rows<{ problem: string }>(PROBLEMS),
  ]);
  return { ...counts, problems: problems.map(({ problem }) => problem) };
};
