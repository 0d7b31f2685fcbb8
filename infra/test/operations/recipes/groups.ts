import { PLAIN_ADDRESS } from '../plain-input.ts';
import type { Recipe, Recipes } from './recipe.ts';
import type { Person, Workshop } from '../workshop.ts';

interface Campaign {
  id: string;
}
interface Team {
  id: string;
  code: string;
}

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

/** A campaign for tea of 8.90 EUR. */
const terms: Recipe = () => ({
  sku: 'TEA-GREEN',
  currency: 'EUR',
  tiers: [
    { size: 2, price: 800 },
    { size: 4, price: 700 },
  ],
  startsAt: inDays(-1),
  endsAt: inDays(30),
  audience: 'everybody',
  customerGroup: null,
});

const draft = (workshop: Workshop, owner: Person): Promise<Campaign> => workshop.make('groups.createCampaign', owner);

const openCampaign = async (workshop: Workshop, owner: Person): Promise<string> => {
  const { id: campaignId } = await draft(workshop, owner);
  await workshop.run('groups.scheduleCampaign', { campaignId });
  return campaignId;
};

/** A customer with money, and where the goods go. */
const buyer = async (workshop: Workshop, { customerId }: Pick<Person, 'customerId'>) => {
  const amount = { amount: 100_000, currency: 'EUR' };
  await workshop.run('wallet.topUp', { ownerId: customerId, amount, reference: `${customerId}-${Date.now()}` });
  return { customerId, shippingAddress: PLAIN_ADDRESS };
};

const team = async (workshop: Workshop, owner: Person): Promise<Team> => {
  const campaignId = await openCampaign(workshop, owner);
  return workshop.run('groups.openTeam', { campaignId, ...(await buyer(workshop, owner)), openToStrangers: true });
};

const ofTeam: Recipe = async (workshop, owner, given) => ({
  teamId: given['teamId'] ?? (await team(workshop, owner)).id,
});

/** The owner's team, with as many members as its first tier needs. */
const teamWithTier: Recipe = async (workshop, owner) => {
  const { id: teamId, code } = await team(workshop, owner);
  const friend = await workshop.person();
  await workshop.run('groups.joinTeam', { code, ...(await buyer(workshop, friend)) });
  return { teamId };
};

const moved =
  (...moves: string[]): Recipe =>
  async (workshop, owner, given) => {
    const campaignId = given['campaignId'] ?? (await draft(workshop, owner)).id;
    for (const move of moves) await workshop.run(`groups.${move}Campaign`, { campaignId });
    return { campaignId };
  };

/** Three friends cut tea of 8.90 EUR down to 7.00. */
const bargainTerms: Recipe = () => ({
  ...{ sku: 'TEA-GREEN', currency: 'EUR', floorPrice: 700, cuts: 3 },
  ...{ startsAt: inDays(-1), endsAt: inDays(30) },
});

const bargainCampaign = async (workshop: Workshop, given: Record<string, unknown>): Promise<unknown> =>
  given['bargainCampaignId'] ??
  (await workshop.make<Campaign>('groups.createBargainCampaign', await workshop.person())).id;

/** A bargain of the owner. */
const bargain = async (workshop: Workshop, owner: Pick<Person, 'customerId'>): Promise<Team> =>
  workshop.run('groups.startBargain', {
    bargainCampaignId: await bargainCampaign(workshop, {}),
    customerId: owner.customerId,
  });

const ofBargain: Recipe = async (workshop, owner, given) => ({
  bargainId: given['bargainId'] ?? (await bargain(workshop, owner)).id,
});

const ofBargainCampaign: Recipe = async (workshop, _owner, given) => ({
  bargainCampaignId: await bargainCampaign(workshop, given),
});

export const groupsRecipes: Recipes = {
  'groups.createCampaign': terms,
  'groups.updateCampaign': async (workshop, owner, given) => ({
    tiers: [{ size: 3, price: 750 }],
    startsAt: inDays(-1),
    endsAt: inDays(20),
    audience: 'everybody',
    customerGroup: null,
    campaignId: given['campaignId'] ?? (await draft(workshop, owner)).id,
  }),
  'groups.scheduleCampaign': moved(),
  'groups.pauseCampaign': moved('schedule'),
  'groups.resumeCampaign': moved('schedule', 'pause'),
  'groups.getCampaign': moved('schedule'),
  'groups.openTeam': async (workshop, owner) => ({
    campaignId: await openCampaign(workshop, owner),
    ...(await buyer(workshop, owner)),
  }),
  'groups.matchTeam': async (workshop, owner) => ({
    campaignId: await openCampaign(workshop, owner),
    ...(await buyer(workshop, owner)),
  }),
  'groups.joinTeam': async (workshop, owner) => ({
    code: (await team(workshop, await workshop.person())).code,
    ...(await buyer(workshop, owner)),
  }),
  'groups.getTeamByCode': async (workshop, owner) => ({ code: (await team(workshop, owner)).code }),
  'groups.getTeam': ofTeam,
  'groups.leaveTeam': async (workshop, owner, given) => ({
    ...(await ofTeam(workshop, owner, given)),
    customerId: owner.customerId,
  }),
  'groups.completeTeam': teamWithTier,
  'groups.cancelTeam': ofTeam,
  'groups.extendTeam': ofTeam,
  'groups.createBargainCampaign': bargainTerms,
  'groups.getBargainCampaign': ofBargainCampaign,
  'groups.closeBargainCampaign': ofBargainCampaign,
  'groups.startBargain': async (workshop, owner, given) => ({
    ...(await ofBargainCampaign(workshop, owner, given)),
    customerId: owner.customerId,
  }),
  'groups.cutBargain': async (workshop, owner) => ({
    code: (await bargain(workshop, await workshop.person())).code,
    customerId: owner.customerId,
  }),
  'groups.getBargainByCode': async (workshop, owner) => ({ code: (await bargain(workshop, owner)).code }),
  'groups.getBargain': ofBargain,
  'groups.buyBargain': async (workshop, owner, given) => {
    const { customerId: _customerId, ...where } = await buyer(workshop, owner);
    return { ...(await ofBargain(workshop, owner, given)), ...where };
  },
};
