import type { Caller } from '../../chassis/auth/caller.ts';
import { command, remember, type CommandRequest } from '../../chassis/http/command.ts';
import type { Operation } from '../../chassis/contract/index.ts';
import { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { findTerms } from '../store/campaigns.ts';
import { holdSeat, settleNow, type SeatRow } from '../store/seats.ts';
import { findTeamByCode, lockTeam, takePlace, takePlaceInFullest, type TeamRow } from '../store/teams.ts';
import {
  audienceCheck,
  claimSeat,
  newTeam,
  requireOpen,
  theOneTeam,
  type SeatErrors,
  type TakePlace,
} from './claim.ts';
import { giveUpById, withMember } from './ends.ts';
import { found } from './campaigns.ts';
import { holder, type Held, type Purchase, type Where } from './hold.ts';
import { teamFor } from './views.ts';

interface Taken {
  seat: SeatRow;
  held: Held;
}

/** The customer that a request is for. */
export const buyerOf = (
  caller: Caller,
  named: string | undefined,
  errors: Pick<SeatErrors, 'CUSTOMER_REQUIRED'>,
): string => {
  const customerId = caller.kind === 'customer' ? caller.customerId : named;
  if (customerId === undefined) throw errors.CUSTOMER_REQUIRED('Name the customer who takes the seat: customerId.');
  return customerId;
};

/**
 * The three ways to a seat. Each claims a place first, holds money and stock for it under keys of the seat, and then
 * counts the member; a refusal on the way gives the place up, and a crash leaves that to a job.
 */
export const seatHandlers = (context: Context): Pick<Handlers, 'openTeam' | 'joinTeam' | 'matchTeam'> => {
  const take = seatTaker(context);
  return {
    openTeam: command({
      prepare: async (input, request) => {
        const customerId = buyerOf(request.caller, input.customerId, request.errors);
        found(await findTerms(context.database, input.campaignId), input.campaignId, request.errors);
        return take(input, customerId, request, async (tx, terms, at) => {
          const one = await theOneTeam(tx, terms);
          if (one)
            throw request.errors.ONE_TEAM_ONLY('This campaign has one team for all, which is open already. Join it.', {
              teamId: one.id,
            });
          return newTeam(tx, terms, at, { openToStrangers: input.openToStrangers, leaderId: customerId });
        });
      },
      commit: (tx, _, { caller, errors }, taken) => seated(context, tx, taken, caller, errors),
    }),

    joinTeam: command({
      prepare: async (input, request) => {
        const customerId = buyerOf(request.caller, input.customerId, request.errors);
        const team = await findTeamByCode(context.database, input.code);
        if (!team) throw noTeam(input.code, request.errors);
        return take(
          { ...input, campaignId: team.campaignId },
          customerId,
          request,
          joining(input.code, request.errors),
        );
      },
      commit: (tx, _, { caller, errors }, taken) => seated(context, tx, taken, caller, errors),
    }),

    matchTeam: command({
      prepare: async (input, request) => {
        const customerId = buyerOf(request.caller, input.customerId, request.errors);
        found(await findTerms(context.database, input.campaignId), input.campaignId, request.errors);
        return take(
          input,
          customerId,
          request,
          async (tx, terms, at) =>
            (await takePlaceInFullest(tx, terms.id, customerId, at)) ??
            (await openOne(tx, terms, at, customerId, request.errors)),
        );
      },
      commit: (tx, _, { caller, errors }, taken) => seated(context, tx, taken, caller, errors),
    }),
  };
};

export const noTeam = (code: string, errors: Pick<Failures<'joinTeam'>, 'TEAM_NOT_FOUND'>) =>
  errors.TEAM_NOT_FOUND(`There is no team with the code ${code}. Ask for the link again, or open a team.`);

const openOne: (
  tx: Tx,
  terms: Parameters<TakePlace>[1],
  at: Date,
  leaderId: string,
  errors: Failures<'matchTeam'>,
) => Promise<TeamRow> = async (tx, terms, at, leaderId, errors) => {
  const one = await theOneTeam(tx, terms);
  if (one) throw errors.TEAM_FULL(`The team of this campaign has no room now.`, { size: one.size });
  return newTeam(tx, terms, at, { openToStrangers: true, leaderId });
};

const joining =
  (code: string, errors: Failures<'joinTeam'>): TakePlace =>
  async (tx, _, at, teamIds) => {
    const team = await takePlace(tx, code, at);
    if (team && teamIds.includes(team.id))
      throw errors.ALREADY_MEMBER(`This customer has a seat in team ${team.id} already.`, { teamId: team.id });
    if (team) return team;
    const now = await findTeamByCode(tx, code);
    if (!now) throw noTeam(code, errors);
    if (now.state !== 'open' && now.state !== 'forming') throw ended(now, errors);
    if (Date.parse(now.expiresAt) <= at.getTime()) throw ended({ ...now, state: 'expired' }, errors);
    throw errors.TEAM_FULL(`All ${now.size} seats of this team are taken. Open a team, or be matched into another.`, {
      size: now.size,
    });
  };

const ended = ({ id, state }: TeamRow, errors: Pick<SeatErrors, 'TEAM_ENDED'>) =>
  errors.TEAM_ENDED(`Team ${id} is ${state}. Open a team, or be matched into another.`, { state });

const purchaseOf = (seat: SeatRow, { sku }: Parameters<TakePlace>[1]): Purchase => ({
  ...{ key: seat.id, customerId: seat.customerId ?? '', sku, price: seat.shownPrice, currency: seat.currency },
  ...{ campaignId: seat.campaignId, teamId: seat.teamId, orderId: seat.orderId, since: seat.createdAt },
});

type Wish = Where & { campaignId: string };

const seatTaker = (context: Context) => {
  const hold = holder(context);
  const requireAudience = audienceCheck(context);
  return async (
    { campaignId, shippingAddress, shippingMethod }: Wish,
    customerId: string,
    { derivedKey, errors }: { derivedKey: CommandRequest<Operation>['derivedKey']; errors: SeatErrors },
    takePlaceOf: TakePlace,
  ): Promise<Taken> => {
    const terms = requireOpen(await findTerms(context.database, campaignId), context.now(), errors);
    await requireAudience(terms, customerId, errors);
    const wish = { campaignId, customerId, claimKey: derivedKey('claim'), takePlace: takePlaceOf };
    const seat = await context.commit((tx) => claimSeat(tx, { ...wish, at: context.now() }, errors));
    try {
      const where = { shippingAddress, ...(shippingMethod === undefined ? {} : { shippingMethod }) };
      return { seat, held: await hold(purchaseOf(seat, terms), where, errors) };
    } catch (error) {
      // Another request with the same key is at work on this seat: it is that one's to give up.
      if (error instanceof Problem && error.code === 'IDEMPOTENCY_IN_FLIGHT') throw error;
      await context.commit((tx) => giveUpById(tx, seat, { reason: 'payment_failed', at: context.now() }));
      throw error;
    }
  };
};

/** Counts the member whose money and stock are held. Refuses, and lets them go, where the team has ended meanwhile. */
const seated = async (
  { now }: Context,
  tx: Tx,
  { seat, held }: Taken,
  caller: Caller,
  errors: Pick<SeatErrors, 'TEAM_ENDED'>,
) => {
  const at = now();
  const team = await lockTeam(tx, seat.teamId);
  if (!team) throw new Error(`Team ${seat.teamId} of seat ${seat.id} is gone`);
  const taken = await holdSeat(tx, seat.id, held);
  if (taken) return teamFor(tx, await withMember(tx, team, taken, at), caller);
  await settleNow(tx, seat.id, at);
  return remember(
    ended(team.state === 'open' || team.state === 'forming' ? { ...team, state: 'expired' } : team, errors),
  );
};
