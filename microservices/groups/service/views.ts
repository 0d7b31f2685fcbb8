import type { Caller } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { Seat, Team, TeamWithSeats } from '../contract/values.ts';
import { missingTo, shownPrice } from '../policy/tiers.ts';
import { listSeats, type SeatRow } from '../store/seats.ts';
import type { TeamRow } from '../store/teams.ts';

const isLive = ({ state }: TeamRow): boolean => state === 'open' || state === 'forming';

/** A team as everybody with its link sees it. */
export const teamView = (team: TeamRow): Team => ({
  id: team.id,
  campaignId: team.campaignId,
  code: team.code,
  state: team.state,
  openToStrangers: team.openToStrangers,
  size: team.size,
  members: team.members,
  seatsLeft: isLive(team) ? team.size - team.taken : 0,
  missing: missingTo(team.tiers, Math.max(team.members, team.reachedSize)),
  price: { amount: shownPrice(team.tiers, team.reachedSize), currency: team.currency },
  reachedSize: team.reachedSize,
  expiresAt: team.expiresAt,
  extended: team.extended,
  endedAt: team.endedAt,
  createdAt: team.createdAt,
});

const seatView = (row: SeatRow): Seat => {
  const money = (amount: number) => ({ amount, currency: row.currency });
  const moneyOrNone = (amount: number | null) => (amount === null ? null : money(amount));
  return {
    id: row.id,
    teamId: row.teamId,
    campaignId: row.campaignId,
    customerId: row.customerId,
    state: row.state,
    endReason: row.endReason,
    orderId: row.orderId,
    holdId: row.holdId,
    reservationId: row.reservationId,
    shownPrice: money(row.shownPrice),
    held: moneyOrNone(row.held),
    price: moneyOrNone(row.price),
    paid: moneyOrNone(row.paid),
    createdAt: row.createdAt,
  };
};

/** A team with the seats that the caller may see: staff all, a customer the own ones. */
export const teamFor = async (db: Queryable, team: TeamRow, caller: Caller): Promise<TeamWithSeats> => {
  const own = caller.kind === 'customer' ? caller.customerId : undefined;
  const seats = await listSeats(db, team.id, own);
  return { ...teamView(team), leaderId: team.leaderId, seats: seats.map(seatView) };
};
