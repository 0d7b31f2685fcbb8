import { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { teamId as teamIdShape } from '../contract/values.ts';
import { missingTo } from '../policy/tiers.ts';
import { teamStates, type TeamMove } from '../policy/states.ts';
import { auditTeams } from '../store/audit.ts';
import { seatOf } from '../store/seats.ts';
import { findTeam, findTeamByCode, listTeams, lockTeam, saveTeam, type TeamRow } from '../store/teams.ts';
import { callOff, complete, giveUp } from './ends.ts';
import { buyerOf, noTeam } from './seats.ts';
import { teamFor, teamView } from './views.ts';

type Names =
  | 'leaveTeam'
  | 'getTeam'
  | 'getTeamByCode'
  | 'listTeams'
  | 'completeTeam'
  | 'cancelTeam'
  | 'extendTeam'
  | 'auditGroups';
type Moving = Pick<Failures<'cancelTeam'>, 'TEAM_NOT_FOUND' | 'ILLEGAL_STATE'>;

export const teamHandlers = ({ database, now }: Context): Pick<Handlers, Names> => ({
  leaveTeam: command(async (tx, { teamId, customerId }, { caller, errors }) => {
    const who = buyerOf(caller, customerId, errors);
    const team = await lockFor(tx, teamId, caller, errors);
    const seat = await seatOf(tx, teamId, who);
    if (!seat) throw errors.NOT_A_MEMBER(`This customer has no seat in team ${teamId}.`);
    requireLive(team, 'leave', errors);
    if (team.reachedSize > 0)
      throw errors.TIER_REACHED(
        `Team ${teamId} has reached ${team.reachedSize} members: the others rely on their price. The order can be cancelled once it is made.`,
        { size: team.reachedSize },
      );
    return teamFor(tx, await giveUp(tx, seat.id, team, { reason: 'left', at: now() }), caller);
  }),

  getTeam: async ({ teamId }, { caller, errors }) => {
    const team = await findTeam(database, teamId);
    const shown = team && (await teamFor(database, team, caller));
    if (!shown || (caller.kind === 'customer' && shown.seats.length === 0)) throw notFound(teamId, errors);
    return shown;
  },

  getTeamByCode: async ({ code }, { errors }) => {
    const team = await findTeamByCode(database, code);
    if (!team) throw noTeam(code, errors);
    return teamView(team);
  },

  listTeams: async ({ cursor, customerId, ...filter }, { caller }) => {
    const before = readCursor(cursor, z.tuple([teamIdShape]));
    const whose = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listTeams(database, { ...filter, customerId: whose }, before?.[0]);
    return toPage(rows, filter.limit, (row) => [row.id], teamView);
  },

  completeTeam: command(async (tx, { teamId }, { caller, errors }) => {
    const team = await lockFor(tx, teamId, caller, errors);
    if (caller.kind === 'customer' && team.leaderId !== caller.customerId) throw notFound(teamId, errors);
    requireLive(team, 'complete', errors);
    const missing = missingTo(team.tiers, team.members);
    if (team.reachedSize === 0 || team.members === 0)
      throw errors.TIER_NOT_REACHED(`Team ${teamId} lacks ${missing} for its first tier. Wait for more members.`, {
        missing,
      });
    return teamFor(tx, await complete(tx, team, now()), caller);
  }),

  cancelTeam: command(async (tx, { teamId }, { caller, errors }) => {
    const team = await lockFor(tx, teamId, caller, errors);
    requireLive(team, 'cancel', errors);
    return teamFor(tx, await callOff(tx, team, 'cancelled', now()), caller);
  }),

  extendTeam: command(async (tx, { teamId, minutes }, { caller, errors }) => {
    const team = await lockFor(tx, teamId, caller, errors);
    requireLive(team, 'extend', errors);
    if (team.extended) throw errors.ALREADY_EXTENDED(`Time was added to team ${teamId} before. That is possible once.`);
    const expiresAt = new Date(Date.parse(team.expiresAt) + minutes * 60_000).toISOString();
    const after = { ...team, expiresAt, extended: true, toldExpiring: false };
    await saveTeam(tx, after);
    return teamFor(tx, after, caller);
  }),

  auditGroups: async () => {
    const { problems, ...counts } = await auditTeams(database);
    return { consistent: problems.length === 0, ...counts, problems };
  },
});

const notFound = (teamId: string, errors: Pick<Moving, 'TEAM_NOT_FOUND'>) =>
  errors.TEAM_NOT_FOUND(`There is no team ${teamId}, or it is not yours. List the teams to find the right id.`);

/** Locks a team that the caller may act on: staff on all, customers on those that they have a seat in. */
const lockFor = async (
  tx: Tx,
  teamId: string,
  caller: Caller,
  errors: Pick<Moving, 'TEAM_NOT_FOUND'>,
): Promise<TeamRow> => {
  const team = await lockTeam(tx, teamId);
  const isTheirs =
    caller.kind === 'key' || (caller.kind === 'customer' && (await seatOf(tx, teamId, caller.customerId)));
  if (!team || !isTheirs) throw notFound(teamId, errors);
  return team;
};

const requireLive = (team: TeamRow, move: TeamMove, { ILLEGAL_STATE }: Pick<Moving, 'ILLEGAL_STATE'>): void => {
  requireMove(teamStates, { name: `Team ${team.id}`, state: team.state }, move, ILLEGAL_STATE);
};
