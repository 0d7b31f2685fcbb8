import { randomInt } from 'node:crypto';
import { Problem } from '../../chassis/problem.ts';
import { lockPerson } from '../../chassis/persons.ts';
import { newId } from '../../chassis/ids.ts';
import { customersContract } from '../../customers/contract.ts';
import { ordersContract } from '../../orders/contract.ts';
import type { Context, Failures, Tx } from '../context.ts';
import type { Campaign } from '../contract/values.ts';
import { shownPrice, sizeOf } from '../policy/tiers.ts';
import { findTerms, lockCampaign, takeOfCap } from '../store/campaigns.ts';
import { findClaim, insertSeat, takenBy, type SeatRow } from '../store/seats.ts';
import { findLiveTeam, insertTeam, type TeamRow } from '../store/teams.ts';

/** Failures that every way to a seat has. */
export type SeatErrors = Pick<
  Failures<'joinTeam'>,
  Extract<keyof Failures<'joinTeam'>, keyof Failures<'openTeam'>> & keyof Failures<'matchTeam'>
>;

export type Terms = Omit<Campaign, 'taken'>;

/** Nothing is held for a claim after this time: the requests for money and stock give up sooner. */
export const CLAIM_MS = 120_000;

/** Throws when the campaign's audience does not include the customer. Asks other services, so outside transactions. */
export const audienceCheck = (context: Context) => {
  const customers = context.client(customersContract);
  const orders = context.client(ordersContract);
  return async ({ audience, customerGroup }: Terms, customerId: string, errors: SeatErrors): Promise<void> => {
    if (audience === 'everybody') return;
    const fits =
      audience === 'new_customers'
        ? (await orders.getCustomerFacts({ customerId })).count === 0
        : (await customers.getCustomer({ customerId }).catch(orNoCustomer(customerId, errors))).group === customerGroup;
    if (fits) return;
    throw errors.NOT_INVITED(
      audience === 'new_customers'
        ? 'This campaign is for customers who have not ordered yet.'
        : `This campaign is for the customer group ${customerGroup ?? ''}.`,
      { audience },
    );
  };
};

const orNoCustomer =
  (customerId: string, errors: SeatErrors) =>
  (error: unknown): never => {
    throw error instanceof Problem && error.code === 'CUSTOMER_NOT_FOUND' ? noCustomer(customerId, errors) : error;
  };

export const noCustomer = (customerId: string, errors: Pick<SeatErrors, 'CUSTOMER_NOT_FOUND'>): Problem =>
  errors.CUSTOMER_NOT_FOUND(
    `There is no customer ${customerId}, or it was erased or merged into another. Find the right customer.`,
  );

/** How a way to a seat takes its place: a team with the place already counted. */
export type TakePlace = (tx: Tx, terms: Terms, at: Date, teamIds: readonly string[]) => Promise<TeamRow>;

/**
 * Claims a seat before money and stock are held, so that nobody's money is held for a place that is gone. The place is
 * counted in one statement; a repeat of the request finds the seat that it claimed. Throws why there is none.
 */
export const claimSeat = async (
  tx: Tx,
  wish: { campaignId: string; customerId: string; claimKey: string; takePlace: TakePlace; at: Date },
  errors: SeatErrors,
): Promise<SeatRow> => {
  const { customerId, claimKey, at } = wish;
  if (!(await lockPerson(tx, customerId))) throw noCustomer(customerId, errors);
  const before = await findClaim(tx, claimKey);
  if (before) return before;
  const terms = requireOpen(await findTerms(tx, wish.campaignId), at, errors);
  const taken = await takenBy(tx, terms.id, customerId);
  const team = await wish.takePlace(
    tx,
    terms,
    at,
    taken.map(({ teamId }) => teamId),
  );
  if (taken.length >= terms.seatsPerCustomer)
    throw errors.SEATS_PER_CUSTOMER(
      `A customer can have ${terms.seatsPerCustomer} seats in this campaign, and this one has ${taken.length}.`,
      { allowed: terms.seatsPerCustomer },
    );
  if (terms.stockCap !== null && !(await takeOfCap(tx, terms.id)))
    throw errors.SOLD_OUT(`All ${terms.stockCap} seats of this campaign are taken. Seats that are given up come back.`);
  return insertSeat(tx, {
    id: newId('sea'),
    teamId: team.id,
    campaignId: terms.id,
    customerId,
    orderId: newId('ord'),
    currency: team.currency,
    shownPrice: shownPrice(team.tiers, team.reachedSize),
    claimKey,
    claimedUntil: new Date(at.getTime() + CLAIM_MS),
    createdAt: at,
  });
};

/** The campaign, when teams are opened and joined in it now. */
export const requireOpen = (terms: Terms | undefined, at: Date, errors: SeatErrors): Terms => {
  const state = terms?.state ?? 'draft';
  if (terms && state === 'open' && Date.parse(terms.endsAt) > at.getTime()) return terms;
  throw errors.CAMPAIGN_NOT_OPEN(
    state === 'open'
      ? 'The campaign is over.'
      : `The campaign is ${state}. Teams are opened and joined while it is open.`,
    { state: state === 'open' ? 'closed' : state },
  );
};

const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Nobody guesses it: 31^12 is more than 2^59. */
export const newCode = (): string => Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** A new team, its first place taken; it has no members until money and stock are held. */
export const newTeam = (
  tx: Tx,
  terms: Terms,
  at: Date,
  { openToStrangers, leaderId }: { openToStrangers: boolean; leaderId: string },
): Promise<TeamRow> =>
  insertTeam(tx, {
    id: newId('tea'),
    campaignId: terms.id,
    code: newCode(),
    openToStrangers,
    tiers: terms.tiers,
    currency: terms.currency,
    size: sizeOf(terms.tiers),
    leaderId,
    expiresAt: new Date(Math.min(at.getTime() + terms.teamMinutes * 60_000, Date.parse(terms.endsAt))),
    createdAt: at,
  });

/** The live team of a campaign that has one for all. The campaign is locked, so that two do not open one each. */
export const theOneTeam = async (tx: Tx, terms: Terms): Promise<TeamRow | undefined> => {
  if (terms.manyTeams) return undefined;
  await lockCampaign(tx, terms.id);
  return findLiveTeam(tx, terms.id);
};
