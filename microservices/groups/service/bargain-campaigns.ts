import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireMove } from '../../chassis/state-machine.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import { bargainCampaignId as idShape, type BargainCampaign } from '../contract/bargain-values.ts';
import { bargainCampaignStates } from '../policy/states.ts';
import {
  closeBargainCampaign,
  findBargainCampaign,
  insertBargainCampaign,
  listBargainCampaigns,
  lockBargainCampaign,
} from '../store/bargain-campaigns.ts';
import { listing, requireFloor, requireWindow } from './terms.ts';

type Names = 'createBargainCampaign' | 'getBargainCampaign' | 'listBargainCampaigns' | 'closeBargainCampaign';

export const bargainCampaignHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database, now } = context;
  const listed = listing(context);
  return {
    createBargainCampaign: command({
      read: (input, { errors }) => listed(input, errors),
      commit: async (tx, input, { errors }, found) => {
        const row: BargainCampaign = {
          ...{ ...input, ...found, id: newId('bca'), state: 'open', createdAt: now().toISOString() },
        };
        requireWindow(row, errors);
        requireFloor(context, { ...row, highest: row.floorPrice, lowest: row.floorPrice }, errors);
        const most = row.listPrice - row.floorPrice;
        if (row.cuts > most)
          throw errors.TOO_MANY_CUTS(
            `Between list price and floor are ${most} minor units, and each of ${row.cuts} friends cuts at least one. Choose fewer cuts or a lower floor.`,
            { most },
          );
        await insertBargainCampaign(tx, row);
        return row;
      },
    }),

    getBargainCampaign: async ({ bargainCampaignId }, { errors }) =>
      foundCampaign(await findBargainCampaign(database, bargainCampaignId), bargainCampaignId, errors),

    listBargainCampaigns: async ({ cursor, ...filter }) => {
      const before = readCursor(cursor, z.tuple([idShape]));
      return toPage(await listBargainCampaigns(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
    },

    closeBargainCampaign: command(async (tx, { bargainCampaignId }, { errors }) => {
      const row = foundCampaign(await lockBargainCampaign(tx, bargainCampaignId), bargainCampaignId, errors);
      const thing = { name: `Bargain campaign ${row.id}`, state: row.state };
      const state = requireMove(bargainCampaignStates, thing, 'close', errors.ILLEGAL_STATE);
      await closeBargainCampaign(tx, row.id);
      return { ...row, state };
    }),
  };
};

/** The campaign, or why there is none. */
export const foundCampaign = (
  row: BargainCampaign | undefined,
  bargainCampaignId: string,
  errors: Pick<Failures<'getBargainCampaign'>, 'BARGAIN_CAMPAIGN_NOT_FOUND'>,
): BargainCampaign => {
  if (row) return row;
  throw errors.BARGAIN_CAMPAIGN_NOT_FOUND(
    `There is no bargain campaign ${bargainCampaignId}. List them to find the right id.`,
    { bargainCampaignId },
  );
};
