import { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { newId } from '../../chassis/ids.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { groupsContract } from '../contract.ts';
import { campaignId as campaignIdShape, type Campaign } from '../contract/values.ts';
import { campaignStates, type CampaignMove } from '../policy/states.ts';
import {
  findCampaign,
  findOpen,
  insertCampaign,
  listCampaigns,
  lockCampaign,
  moveDue,
  setState,
  updateTerms,
} from '../store/campaigns.ts';
import { listing, requireTerms, type Listed } from './terms.ts';

type Names =
  | 'createCampaign'
  | 'updateCampaign'
  | 'getCampaign'
  | 'listCampaigns'
  | 'scheduleCampaign'
  | 'pauseCampaign'
  | 'resumeCampaign'
  | 'closeCampaign'
  | 'findOffers';

export const campaignHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database, now } = context;
  const listed = listing(context);
  return {
    createCampaign: command({
      read: (input, { errors }) => listed(input, errors),
      commit: async (tx, input, { errors }, found) => {
        const at = now().toISOString();
        const row: Campaign = {
          ...input,
          ...found,
          id: newId('cam'),
          state: 'draft',
          taken: 0,
          version: 1,
          createdAt: at,
          updatedAt: at,
        };
        requireTerms(context, row, errors);
        await insertCampaign(tx, row);
        return row;
      },
    }),

    updateCampaign: command({
      read: async ({ campaignId }, { errors }) =>
        listed(found(await findCampaign(database, campaignId), campaignId, errors), errors),
      commit: async (tx, input, { errors }, price) => changeTerms(context, tx, input, price, errors),
    }),

    getCampaign: async ({ campaignId }, { caller, errors }) => {
      const row = found(await findCampaign(database, campaignId), campaignId, errors);
      if (row.state === 'draft' && caller.kind !== 'key') throw notFound(campaignId, errors);
      return row;
    },

    listCampaigns: async ({ cursor, ...filter }) => {
      const before = readCursor(cursor, z.tuple([campaignIdShape]));
      return toPage(await listCampaigns(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
    },

    scheduleCampaign: moveBy(context, 'schedule'),
    pauseCampaign: moveBy(context, 'pause'),
    resumeCampaign: moveBy(context, 'resume'),
    closeCampaign: moveBy(context, 'close'),

    findOffers: async ({ skus, productIds }) => ({
      items: (await findOpen(database, { skus, productIds, at: now() })).map(offerOf),
    }),
  };
};

const changeTerms = async (
  context: Context,
  tx: Tx,
  { campaignId, expectedVersion, ...changes }: InputOf<typeof groupsContract, 'updateCampaign'>,
  price: Listed,
  errors: Failures<'updateCampaign'>,
): Promise<Campaign> => {
  const before = found(await lockCampaign(tx, campaignId), campaignId, errors);
  requireVersion({ name: `Campaign ${campaignId}`, version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
  if (before.state !== 'draft')
    throw errors.ILLEGAL_STATE(
      `Campaign ${campaignId} is ${before.state}: its terms stay as they were shown. Close it, and create another.`,
      { state: before.state, allowed: Object.keys(campaignStates[before.state]) },
    );
  const at = context.now().toISOString();
  const row = { ...withChanges(before, changes), ...price, version: before.version + 1, updatedAt: at };
  requireTerms(context, row, errors);
  await updateTerms(tx, row);
  return row;
};

type Moving = 'scheduleCampaign' | 'pauseCampaign' | 'resumeCampaign' | 'closeCampaign';

/** One handler for the moves of a campaign that staff make. */
const moveBy = ({ now }: Context, asked: Exclude<CampaignMove, 'open'>): Handlers[Moving] =>
  command(async (tx, { campaignId }, { errors }) => {
    const row = found(await lockCampaign(tx, campaignId), campaignId, errors);
    const named = { name: `Campaign ${campaignId}`, state: row.state };
    const state = requireMove(campaignStates, named, asked, errors.ILLEGAL_STATE);
    const at = now();
    // A campaign whose time has come opens at once.
    const opens = state === 'scheduled' && Date.parse(row.startsAt) <= at.getTime();
    const after = opens ? 'open' : state;
    await setState(tx, campaignId, after, at.toISOString());
    if (opens) announce(tx, 'campaign.opened', row);
    if (after === 'closed' && row.state !== 'draft') announce(tx, 'campaign.closed', row);
    return { ...row, state: after, version: row.version + 1, updatedAt: at.toISOString() };
  });

const announce = (tx: Tx, type: 'campaign.opened' | 'campaign.closed', { id, sku, productId }: Campaign): void =>
  tx.append(type, id, { campaignId: id, sku, productId });

const offerOf = ({ id, sku, productId, name, tiers, currency, listPrice, taxInclusive, endsAt }: Campaign) => {
  const money = (amount: number) => ({ amount, currency });
  const [first, best] = [tiers[0], tiers.at(-1)];
  return {
    sku,
    productId,
    campaignId: id,
    name,
    listPrice: money(listPrice),
    fromPrice: money(best?.price ?? listPrice),
    teamSize: best?.size ?? 1,
    firstPrice: money(first?.price ?? listPrice),
    firstSize: first?.size ?? 1,
    taxInclusive,
    endsAt,
  };
};

type NotFound = Pick<Failures<'getCampaign'>, 'CAMPAIGN_NOT_FOUND'>;

const notFound = (campaignId: string, errors: NotFound) =>
  errors.CAMPAIGN_NOT_FOUND(`There is no campaign ${campaignId}. List the campaigns to find the right id.`, {
    campaignId,
  });

/** The campaign; throws where there is none. */
export const found = <Row>(row: Row | undefined, campaignId: string, errors: NotFound): Row => {
  if (!row) throw notFound(campaignId, errors);
  return row;
};

const BATCH = 100;

/** Opens and closes campaigns whose time has come; true when there may be more. */
export const moveCampaigns = async (tx: Tx, at: Date): Promise<boolean> => {
  const moved = await moveDue(tx, at, BATCH);
  for (const row of moved) announce(tx, row.state === 'open' ? 'campaign.opened' : 'campaign.closed', row);
  return moved.length === BATCH;
};
