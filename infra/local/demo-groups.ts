import { createClient } from '../../microservices/chassis/client.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { groupsContract } from '../../microservices/groups/contract.ts';
import type { Campaign, TeamWithSeats } from '../../microservices/groups/contract/values.ts';
import { ADDRESS, demoCustomer, fillPurse, say, type Stage } from './demo-story.ts';

/** Strangers may be matched into other teams of the campaign first, so that a few more than are missing are asked. */
const SPARE = 5;

/**
 * A customer opens a team and shares its link, a friend joins, strangers are matched until it is full; true when each
 * member's order was confirmed and the journey thanked them.
 */
export const formTeam = async (stage: Stage): Promise<boolean> => {
  const groups = createClient(groupsContract, stage.api);
  const campaign = await openCampaign(stage);
  const size = campaign.tiers.at(-1)?.size ?? 0;
  say(`“${campaign.name}”: ${size} together pay ${inUnits(campaign.tiers.at(-1)?.price ?? 0)} for ${campaign.sku} …`);
  const opened = await groups.openTeam({ campaignId: campaign.id, ...(await buyer(stage)) });
  say(`the team ${opened.code} is open, a friend joins by its link …`);
  let team = await groups.joinTeam({ code: opened.code, ...(await buyer(stage)) });
  for (let asked = 0; team.state === 'forming' && asked < size + SPARE; asked += 1) {
    const { id } = await groups.matchTeam({ campaignId: campaign.id, ...(await buyer(stage)) });
    say(id === opened.id ? 'a stranger was matched into it …' : 'a stranger was matched into a team that was fuller …');
    team = await groups.getTeam({ teamId: opened.id });
  }
  return allThanked(stage, team);
};

const openCampaign = async ({ api }: Stage): Promise<Campaign> => {
  const { items } = await createClient(groupsContract, api).listCampaigns({ state: 'open', limit: 50 });
  const found = items.find(({ manyTeams, audience }) => manyTeams && audience === 'everybody');
  if (!found)
    throw new Error(
      'No group campaign is open to everybody: npm start makes one, and so does the Group node, Campaign, Create.',
    );
  return found;
};

const buyer = async (stage: Stage) => {
  const { id } = await demoCustomer(stage, undefined);
  await fillPurse(stage, id);
  return { customerId: id, shippingAddress: ADDRESS };
};

const allThanked = async ({ api, waitFor }: Stage, { id, state }: TeamWithSeats): Promise<boolean> => {
  if (state !== 'complete') {
    console.log(`the team ${id} is ${state}, not complete`);
    return false;
  }
  const { seats } = await createClient(groupsContract, api).getTeam({ teamId: id });
  const orderIds = seats.flatMap(({ state: how, orderId }) => (how === 'released' ? [] : [orderId]));
  const confirmed = await counted(orderIds, (orderId) =>
    waitFor(({ type, subject }) => type === 'order.confirmed' && subject === orderId),
  );
  const thanked = await counted(orderIds, (orderId) => waitFor((event) => isThanksFor(event, orderId)));
  console.log(`${confirmed} of ${orderIds.length} orders of the team confirmed, ${thanked} members thanked`);
  if (thanked < confirmed) console.log('not everybody was thanked: is n8n running?');
  return thanked === orderIds.length && confirmed === orderIds.length;
};

const counted = async (ids: readonly string[], found: (id: string) => Promise<unknown>): Promise<number> =>
  (await Promise.all(ids.map(found))).filter((one) => one !== undefined).length;

const isThanksFor = ({ type, data }: CommerceEvent, orderId: string): boolean => {
  const { template, about } = data as { template?: string; about?: string | null };
  return type === 'notification.sent' && template === 'team-completed' && about === orderId;
};

const inUnits = (minorUnits: number): string => (minorUnits / 100).toFixed(2);
