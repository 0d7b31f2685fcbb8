import type { Tx } from '../context.ts';
import type { EndReason, TeamState } from '../contract/values.ts';
import { missingTo, shownPrice, tierReached } from '../policy/tiers.ts';
import { giveBackToCap } from '../store/campaigns.ts';
import { giveUpAll, giveUpSeat, listSeats, winSeats, type SeatRow } from '../store/seats.ts';
import { lockDue, lockExpiring, lockTeam, saveTeam, type TeamRow } from '../store/teams.ts';

// What happens to a team and its seats. All of it is done under the team's row lock.

/** The part that all events about a team share. */
export const aboutTeam = ({ id, campaignId, leaderId }: TeamRow) => ({ teamId: id, campaignId, leaderId });

export const countsOf = ({ members, size, tiers, reachedSize }: TeamRow) => ({
  members,
  size,
  missing: missingTo(tiers, Math.max(members, reachedSize)),
});

const customersOf = (seats: readonly SeatRow[]): string[] =>
  seats
    .toSorted((left, right) => left.createdAt.localeCompare(right.createdAt) || left.id.localeCompare(right.id))
    .flatMap(({ customerId }) => customerId ?? []);

/** Members of a team, in the order in which they joined. */
export const membersOf = async (tx: Tx, teamId: string): Promise<string[]> =>
  customersOf((await listSeats(tx, teamId)).filter(({ state }) => state === 'held'));

/** The team with one member more, and what follows: the tier reached, and completion when it is full. */
export const withMember = async (tx: Tx, team: TeamRow, seat: SeatRow, at: Date): Promise<TeamRow> => {
  const members = team.members + 1;
  const reachedSize = Math.max(team.reachedSize, tierReached(team.tiers, members)?.size ?? 0);
  const joined: TeamRow = { ...team, members, reachedSize, state: members > 1 ? 'forming' : 'open' };
  const about = { ...aboutTeam(joined), ...countsOf(joined) };
  if (members === 1 && team.state === 'open')
    tx.append('team.opened', team.id, { ...about, expiresAt: team.expiresAt });
  else tx.append('team.joined', team.id, { ...about, customerId: seat.customerId ?? '', seatId: seat.id });
  if (members === team.size) return complete(tx, joined, at);
  const told = await tellNearlyFull(tx, joined);
  await saveTeam(tx, told);
  return told;
};

const tellNearlyFull = async (tx: Tx, team: TeamRow): Promise<TeamRow> => {
  const counts = countsOf(team);
  if (team.toldNearlyFull || counts.missing !== 1) return team;
  const customerIds = await membersOf(tx, team.id);
  tx.append('team.nearly_full', team.id, { ...aboutTeam(team), ...counts, customerIds, expiresAt: team.expiresAt });
  return { ...team, toldNearlyFull: true };
};

/** Completes a team at the tier that it has reached: each member wins the seat, claims that are not finished end. */
export const complete = async (tx: Tx, team: TeamRow, at: Date): Promise<TeamRow> => {
  const price = shownPrice(team.tiers, team.reachedSize);
  const won = await winSeats(tx, team.id, price, at);
  const lost = await giveUpAll(tx, team.id, 'not_finished', at);
  await giveBackToCap(tx, team.campaignId, lost.length);
  tx.append('team.completed', team.id, {
    ...aboutTeam(team),
    customerIds: customersOf(won),
    price: { amount: price, currency: team.currency },
    tierSize: team.reachedSize,
  });
  return saved(tx, { ...team, state: 'complete', endedAt: at.toISOString() });
};

/** Ends a team that is not complete: everything that is held for it will be let go. */
export const callOff = async (
  tx: Tx,
  team: TeamRow,
  state: Extract<TeamState, 'expired' | 'cancelled'>,
  at: Date,
): Promise<TeamRow> => {
  const given = await giveUpAll(tx, team.id, state === 'expired' ? 'team_expired' : 'team_cancelled', at);
  await giveBackToCap(tx, team.campaignId, given.length);
  const customerIds = customersOf(given.filter(({ holdId }) => holdId !== null));
  // An attempt to open a team that got no money never was one for others.
  if (team.members > 0) tx.append(`team.${state}`, team.id, { ...aboutTeam(team), customerIds });
  return saved(tx, { ...team, state, members: 0, taken: 0, endedAt: at.toISOString() });
};

/** Takes a member or a claim out of a team; the longest member leads when the leader goes, and the last one ends it. */
export const giveUp = async (
  tx: Tx,
  seatId: string,
  team: TeamRow,
  { reason, at }: { reason: EndReason; at: Date },
): Promise<TeamRow> => {
  const seat = await giveUpSeat(tx, seatId, { from: ['claimed', 'held'], reason, at });
  if (!seat) return team;
  await giveBackToCap(tx, team.campaignId, 1);
  const wasMember = seat.holdId !== null;
  const left = await listSeats(tx, team.id);
  const members = left.filter(({ state }) => state === 'held');
  const leaderId = team.leaderId === seat.customerId ? (members[0]?.customerId ?? null) : team.leaderId;
  const after = {
    ...team,
    taken: team.taken - 1,
    members: team.members - (wasMember ? 1 : 0),
    leaderId: members.length > 0 ? leaderId : team.leaderId,
  };
  if (wasMember)
    tx.append('team.left', team.id, {
      ...aboutTeam(after),
      ...countsOf(after),
      customerId: seat.customerId ?? '',
      seatId: seat.id,
      reason,
    });
  if (after.members > 0) return saved(tx, after);
  // Nobody can join a team without members, so that claims of others end with it.
  return callOff(tx, wasMember ? { ...after, members: 1 } : after, 'cancelled', at);
};

const saved = async (tx: Tx, team: TeamRow): Promise<TeamRow> => {
  await saveTeam(tx, team);
  return team;
};

/** Ends the team whose time is up first, with the tier that it reached or without; true when there may be more. */
export const endDue = async (tx: Tx, at: Date): Promise<boolean> => {
  const team = await lockDue(tx, at);
  if (!team) return false;
  await (team.reachedSize > 0 && team.members > 0 ? complete(tx, team, at) : callOff(tx, team, 'expired', at));
  return true;
};

const BATCH = 50;

/** Reports teams that end soon and have not reached a tier; true when there may be more. */
export const tellExpiring = async (tx: Tx, at: Date, leadMs: number): Promise<boolean> => {
  const teams = await lockExpiring(tx, at, new Date(at.getTime() + leadMs), BATCH);
  for (const team of teams) {
    const customerIds = await membersOf(tx, team.id);
    const { expiresAt } = team;
    tx.append('team.expiring', team.id, { ...aboutTeam(team), ...countsOf(team), customerIds, expiresAt });
    await saveTeam(tx, { ...team, toldExpiring: true });
  }
  return teams.length === BATCH;
};

/** Gives up a seat by its id, whatever became of its team meanwhile. */
export const giveUpById = async (
  tx: Tx,
  { id, teamId }: Pick<SeatRow, 'id' | 'teamId'>,
  why: { reason: EndReason; at: Date },
): Promise<void> => {
  const team = await lockTeam(tx, teamId);
  if (team) await giveUp(tx, id, team, why);
};
