import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { lockPerson } from '../../chassis/persons.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { bargainId as bargainIdShape, type BargainCampaign } from '../contract/bargain-values.ts';
import { cutsOf } from '../policy/cuts.ts';
import { findBargainCampaign } from '../store/bargain-campaigns.ts';
import {
  countBargains,
  findBargain,
  findBargainByCode,
  findCutOf,
  insertBargain,
  insertCut,
  listBargains,
  lockBargainByCode,
  saveBargain,
  type BargainRow,
} from '../store/bargains.ts';
import { foundCampaign } from './bargain-campaigns.ts';
import { aboutBargain, bargainFor, bargainView, cutView } from './bargain-views.ts';
import { newCode, noCustomer } from './claim.ts';
import { buyerOf } from './seats.ts';

type Names = 'startBargain' | 'cutBargain' | 'getBargain' | 'getBargainByCode' | 'listBargains';

export const bargainHandlers = ({ database, now }: Context): Pick<Handlers, Names> => ({
  startBargain: command(async (tx, { bargainCampaignId, customerId }, { caller, errors }) => {
    const who = buyerOf(caller, customerId, errors);
    if (!(await lockPerson(tx, who))) throw noCustomer(who, errors);
    const campaign = foundCampaign(await findBargainCampaign(tx, bargainCampaignId), bargainCampaignId, errors);
    const at = now();
    requireOpen(campaign, at, errors);
    const allowed = campaign.bargainsPerCustomer;
    if ((await countBargains(tx, campaign.id, who)) >= allowed)
      throw errors.BARGAINS_PER_CUSTOMER(
        `A customer can start ${allowed} bargains in this campaign, and this one has.`,
        {
          allowed,
        },
      );
    const row = await insertBargain(tx, newBargain(campaign, who, at));
    tx.append('bargain.started', row.id, aboutBargain(row));
    return bargainFor(tx, row, caller);
  }),

  cutBargain: command(async (tx, { code, customerId }, { caller, errors }) => {
    const friend = buyerOf(caller, customerId, errors);
    if (!(await lockPerson(tx, friend))) throw noCustomer(friend, errors);
    const row = await lockBargainByCode(tx, code);
    if (!row) throw noBargain(code, errors);
    const at = now();
    await requireCuttable(tx, row, friend, at, errors);
    const { after, cut } = cutBy(row, friend, at);
    await saveBargain(tx, after, at);
    await insertCut(tx, row.id, cut);
    const money = { amount: cut.amount, currency: row.currency };
    tx.append('bargain.slashed', row.id, { ...aboutBargain(after), friendId: friend, cut: money });
    if (after.state === 'won') tx.append('bargain.won', row.id, aboutBargain(after));
    return { cut: cutView(cut, row.currency, caller), bargain: bargainView(after) };
  }),

  getBargain: async ({ bargainId }, { caller, errors }) => {
    const row = await findBargain(database, bargainId);
    if (!row || (caller.kind === 'customer' && row.customerId !== caller.customerId))
      throw noBargain(bargainId, errors);
    return bargainFor(database, row, caller);
  },

  getBargainByCode: async ({ code }, { errors }) => {
    const row = await findBargainByCode(database, code);
    if (!row) throw noBargain(code, errors);
    return bargainView(row);
  },

  listBargains: async ({ cursor, customerId, ...filter }, { caller }) => {
    const before = readCursor(cursor, z.tuple([bargainIdShape]));
    const whose = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listBargains(database, { ...filter, customerId: whose }, before?.[0]);
    return toPage(rows, filter.limit, (row) => [row.id], bargainView);
  },
});

export const noBargain = (name: string, errors: Pick<Failures<'getBargain'>, 'BARGAIN_NOT_FOUND'>) =>
  errors.BARGAIN_NOT_FOUND(`There is no bargain ${name}, or it is not yours. Ask for the link again, or start one.`);

const requireOpen = (
  { state, startsAt, endsAt }: BargainCampaign,
  at: Date,
  { CAMPAIGN_NOT_OPEN }: Pick<Failures<'startBargain'>, 'CAMPAIGN_NOT_OPEN'>,
): void => {
  const time = at.getTime();
  const now =
    state === 'closed' || time >= Date.parse(endsAt) ? 'closed' : time < Date.parse(startsAt) ? 'scheduled' : 'open';
  if (now !== 'open')
    throw CAMPAIGN_NOT_OPEN(`The campaign is ${now}. Bargains are started from ${startsAt} to ${endsAt}.`, {
      state: now,
    });
};

const newBargain = (campaign: BargainCampaign, customerId: string, at: Date) => ({
  ...{ id: newId('bar'), bargainCampaignId: campaign.id, customerId, code: newCode() },
  seed: randomBytes(32).toString('hex'),
  ...{ sku: campaign.sku, currency: campaign.currency, cuts: campaign.cuts },
  ...{ startPrice: campaign.listPrice, floorPrice: campaign.floorPrice },
  expiresAt: new Date(Math.min(at.getTime() + campaign.bargainMinutes * 60_000, Date.parse(campaign.endsAt))),
  createdAt: at,
});

/** Throws why a friend cannot cut. Called under the bargain's lock. */
const requireCuttable = async (
  tx: Tx,
  row: BargainRow,
  friend: string,
  at: Date,
  errors: Failures<'cutBargain'>,
): Promise<void> => {
  const before = await findCutOf(tx, row.id, friend);
  if (before)
    throw errors.ALREADY_CUT('This customer has cut this bargain. Each friend cuts once.', { number: before.number });
  if (row.customerId === friend) throw errors.OWN_BARGAIN('Nobody cuts the own bargain. Share its link with friends.');
  if (row.state === 'won') throw errors.FLOOR_REACHED('All friends have cut: it is at its floor price.');
  requireRunning(row, at, errors);
};

/** Throws where a bargain has ended, or is being bought. */
export const requireRunning = (
  { id, state, expiresAt }: BargainRow,
  at: Date,
  { BARGAIN_ENDED }: Pick<Failures<'buyBargain'>, 'BARGAIN_ENDED'>,
): void => {
  const isOver = Date.parse(expiresAt) <= at.getTime();
  const now = isOver && (state === 'running' || state === 'won') ? 'lapsed' : state;
  if (now !== 'running' && now !== 'won')
    throw BARGAIN_ENDED(`Bargain ${id} is ${now}. Start another one, or cut a friend's.`, { state: now });
};

/** The bargain after the next cut, whose amount its seed settled. */
const cutBy = (row: BargainRow, customerId: string, at: Date) => {
  const amount = cutsOf(row.seed, row.startPrice - row.floorPrice, row.cuts)[row.cutsMade] ?? 0;
  const cutsMade = row.cutsMade + 1;
  const after: BargainRow = {
    ...row,
    ...{ cutsMade, price: row.price - amount, state: cutsMade === row.cuts ? 'won' : 'running' },
  };
  return { after, cut: { number: cutsMade, amount, customerId, createdAt: at.toISOString() } };
};
