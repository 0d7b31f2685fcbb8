import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { TeamState, Tier } from '../contract/values.ts';

export interface TeamRow {
  id: string;
  campaignId: string;
  code: string;
  state: TeamState;
  openToStrangers: boolean;
  tiers: Tier[];
  currency: string;
  size: number;
  taken: number;
  members: number;
  reachedSize: number;
  leaderId: string | null;
  expiresAt: string;
  extended: boolean;
  toldNearlyFull: boolean;
  toldExpiring: boolean;
  endedAt: string | null;
  createdAt: string;
}

const NAMES = [
  'id',
  'campaignId',
  'code',
  'state',
  'openToStrangers',
  'tiers',
  'currency',
  'size',
  'taken',
  'members',
  'reachedSize',
  'leaderId',
  'expiresAt',
  'extended',
  'toldNearlyFull',
  'toldExpiring',
  'endedAt',
  'createdAt',
];
const TEAM = columns(NAMES, 't');
const LIVE = `t.state IN ('open', 'forming')`;

export const insertTeam = (
  tx: Queryable,
  row: Pick<TeamRow, 'id' | 'campaignId' | 'code' | 'openToStrangers' | 'tiers' | 'currency' | 'size' | 'leaderId'> & {
    expiresAt: Date;
    createdAt: Date;
  },
): Promise<TeamRow> =>
  tx.one<TeamRow>(
    `INSERT INTO team AS t (id, campaign_id, code, state, open_to_strangers, tiers, currency, size, taken, members, reached_size, leader_id, expires_at, created_at)
     VALUES ($1, $2, $3, 'open', $4, $5::jsonb, $6, $7, 1, 0, 0, $8, $9, $10) RETURNING ${TEAM}`,
    [
      row.id,
      row.campaignId,
      row.code,
      row.openToStrangers,
      JSON.stringify(row.tiers),
      row.currency,
      row.size,
      row.leaderId,
      row.expiresAt,
      row.createdAt,
    ],
  );

export const findTeam = (db: Queryable, id: string): Promise<TeamRow | undefined> =>
  db.maybeOne<TeamRow>(`SELECT ${TEAM} FROM team t WHERE t.id = $1`, [id]);

/** The team of a share code that somebody has opened. */
export const findTeamByCode = (db: Queryable, code: string): Promise<TeamRow | undefined> =>
  db.maybeOne<TeamRow>(`SELECT ${TEAM} FROM team t WHERE t.code = $1 AND (t.members > 0 OR NOT ${LIVE})`, [code]);

export const lockTeam = (tx: Queryable, id: string): Promise<TeamRow | undefined> =>
  tx.maybeOne<TeamRow>(`SELECT ${TEAM} FROM team t WHERE t.id = $1 FOR UPDATE`, [id]);

/** Takes a place in a team of this code; undefined when it has none, or has ended. One statement decides the race. */
export const takePlace = (tx: Queryable, code: string, at: Date): Promise<TeamRow | undefined> =>
  tx.maybeOne<TeamRow>(
    `UPDATE team t SET taken = t.taken + 1
     WHERE t.code = $1 AND ${LIVE} AND t.members > 0 AND t.taken < t.size AND t.expires_at > $2 RETURNING ${TEAM}`,
    [code, at],
  );

const fullest = (skip: string): string =>
  `UPDATE team t SET taken = t.taken + 1
   WHERE t.taken < t.size AND ${LIVE} AND t.id = (SELECT o.id FROM team o
     WHERE o.campaign_id = $1 AND o.open_to_strangers AND o.state IN ('open', 'forming') AND o.taken < o.size AND o.members > 0 AND o.expires_at > $2
       AND NOT EXISTS (SELECT FROM seat s WHERE s.team_id = o.id AND s.customer_id = $3 AND s.state IN ('claimed', 'held', 'won', 'ordered'))
     ORDER BY o.taken DESC, o.created_at LIMIT 1 FOR UPDATE OF o${skip})
   RETURNING ${TEAM}`;

/**
 * Takes a place in the fullest team that lets strangers in. Teams that others are joining at this moment are passed
 * over while there are others, so that joiners do not queue for one row.
 */
export const takePlaceInFullest = async (
  tx: Queryable,
  campaignId: string,
  customerId: string,
  at: Date,
): Promise<TeamRow | undefined> => {
  const values = [campaignId, at, customerId];
  return (
    (await tx.maybeOne<TeamRow>(fullest(' SKIP LOCKED'), values)) ?? (await tx.maybeOne<TeamRow>(fullest(''), values))
  );
};

/** A team of the campaign that has not ended. */
export const findLiveTeam = (db: Queryable, campaignId: string): Promise<TeamRow | undefined> =>
  db.maybeOne<TeamRow>(`SELECT ${TEAM} FROM team t WHERE t.campaign_id = $1 AND ${LIVE} ORDER BY t.id LIMIT 1`, [
    campaignId,
  ]);

/** Writes everything of a team that changes. Called under its lock. */
export const saveTeam = async (tx: Queryable, row: TeamRow): Promise<void> => {
  await tx.run(
    `UPDATE team SET state = $2, taken = $3, members = $4, reached_size = $5, leader_id = $6, expires_at = $7, extended = $8,
       told_nearly_full = $9, told_expiring = $10, ended_at = $11
     WHERE id = $1`,
    [
      row.id,
      row.state,
      row.taken,
      row.members,
      row.reachedSize,
      row.leaderId,
      row.expiresAt,
      row.extended,
      row.toldNearlyFull,
      row.toldExpiring,
      row.endedAt,
    ],
  );
};

/** Locks the team whose end comes first, if its time is up; those that another process has locked are left to it. */
export const lockDue = (tx: Queryable, at: Date): Promise<TeamRow | undefined> =>
  tx.maybeOne<TeamRow>(
    `SELECT ${TEAM} FROM team t WHERE ${LIVE} AND t.expires_at <= $1 ORDER BY t.expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [at],
  );

/** Locks teams that end before `until` without having reached a tier, and have not been reported. */
export const lockExpiring = (tx: Queryable, at: Date, until: Date, limit: number): Promise<TeamRow[]> =>
  tx.rows<TeamRow>(
    `SELECT ${TEAM} FROM team t
     WHERE ${LIVE} AND t.members > 0 AND t.reached_size = 0 AND NOT t.told_expiring AND t.expires_at > $1 AND t.expires_at <= $2
     ORDER BY t.expires_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [at, until, limit],
  );

export interface TeamFilter {
  campaignId?: string | undefined;
  state?: TeamState | undefined;
  customerId?: string | undefined;
  limit: number;
}

/** Newest first; one page and one row more. Attempts to open a team that got no money are not shown. */
export const listTeams = (db: Queryable, filter: TeamFilter, before?: string): Promise<TeamRow[]> =>
  db.rows<TeamRow>(
    `SELECT ${TEAM} FROM team t
     WHERE ($1::text IS NULL OR t.campaign_id = $1) AND ($2::text IS NULL OR t.state = $2) AND ($4::text IS NULL OR t.id < $4)
       AND ($3::text IS NULL OR EXISTS (SELECT FROM seat s WHERE s.team_id = t.id AND s.customer_id = $3 AND s.hold_id IS NOT NULL))
     ORDER BY t.id DESC LIMIT $5`,
    [filter.campaignId, filter.state, filter.customerId, before, filter.limit + 1],
  );
