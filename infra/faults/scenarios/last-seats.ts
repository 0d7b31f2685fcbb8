import { tally } from '../../../microservices/chassis/testing/tally.ts';
import { groupsContract } from '../../../microservices/groups/contract.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { until } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { openShop, type Shop } from '../shop.ts';

const FUNDS = 10_000;
const PRICE = 800;
const TEAM = 2;
const DAY_MS = 86_400_000;
const shippingAddress = {
  ...{ name: 'Fault Test', line1: 'Street 1', city: 'Berlin' },
  ...{ postalCode: '10115', country: 'DE' },
};

/**
 * Customers race for the last seat of each team over two processes: each team gets exactly one of them, who pays once,
 * and nothing is held for anybody else. 1,000 customers and 50 teams in the full form.
 */
export const lastSeats: Scenario = {
  name: 'customers racing for the last seats of teams over two processes',
  ordersSettle: false,
  run: async (platform, size) => {
    const [teams, racers] = size === 'full' ? [50, 1_000] : [4, 40];
    const twin = await platform.startTwin('groups');
    try {
      const shop = await openShop(platform, {
        ...{ skus: 1, stock: TEAM * teams, customers: teams + racers, funds: FUNDS },
      });
      const codes = await openTeams(platform, shop, teams);
      const outcome = await race(platform, twin.url, { codes, customers: shop.customers.slice(teams) });
      const unsettled = await until(() => whatIsWrong(platform, shop, teams));
      const lost = (outcome['TEAM_FULL'] ?? 0) + (outcome['TEAM_ENDED'] ?? 0);
      const problems = [
        ...(outcome['OK'] === teams && lost === racers - teams
          ? []
          : [`seats were given out: ${JSON.stringify(outcome)}`]),
        ...unsettled,
      ];
      return { counts: { teams, racers, seated: outcome['OK'] ?? 0, refused: lost }, problems };
    } finally {
      await twin.stop();
    }
  },
};

/** A team with one seat left for each of the first customers; returns their share codes. */
const openTeams = async (platform: PlatformUnderTest, { skus, customers }: Shop, teams: number): Promise<string[]> => {
  const groups = platform.client(groupsContract);
  const { id: campaignId } = await groups.createCampaign({
    ...{ name: 'Last seats', sku: skus[0] ?? '', currency: 'EUR', tiers: [{ size: TEAM, price: PRICE }] },
    startsAt: new Date(Date.now() - DAY_MS).toISOString(),
    endsAt: new Date(Date.now() + 10 * DAY_MS).toISOString(),
  });
  await groups.scheduleCampaign({ campaignId });
  const codes: string[] = [];
  for (const customerId of customers.slice(0, teams))
    codes.push((await groups.openTeam({ campaignId, customerId, shippingAddress })).code);
  return codes;
};

const race = (
  platform: PlatformUnderTest,
  twinUrl: string,
  { codes, customers }: { codes: readonly string[]; customers: readonly string[] },
) => {
  const clients = [platform.client(groupsContract), platform.client(groupsContract, twinUrl)];
  return tally(
    customers.map(async (customerId, index) => {
      const code = codes[index % codes.length] ?? '';
      // Neighbours in the list want the same seat in different processes.
      const client = clients[Math.floor(index / codes.length) % clients.length];
      await client?.joinTeam({ code, customerId, shippingAddress }, { idempotencyKey: `race-${customerId}` });
    }),
  );
};

/** The first thing that is not as it has to be once all seats are settled. */
const whatIsWrong = async (
  platform: PlatformUnderTest,
  { skus, customers }: Shop,
  teams: number,
): Promise<string | undefined> => {
  const seats = TEAM * teams;
  const [level] = (await platform.client(inventoryContract).listLevels({ sku: skus[0] ?? '' })).items;
  if (level?.reserved !== 0 || level.allocated !== seats)
    return `${level?.reserved} units are reserved and ${level?.allocated} sold, of ${seats} seats`;
  const wallet = platform.client(walletContract);
  let paid = 0;
  for (const ownerId of customers) {
    const [account] = (await wallet.getBalance({ ownerId })).items;
    const spent = FUNDS - (account?.balance ?? 0);
    if (account?.held !== 0) return `${account?.held} is held for ${ownerId}`;
    if (spent !== 0 && spent !== PRICE) return `${ownerId} paid ${spent}`;
    if (spent === PRICE) paid += 1;
  }
  if (paid !== seats) return `${paid} customers paid for ${seats} seats`;
  const audit = await platform.client(groupsContract).auditGroups({});
  return audit.consistent ? undefined : `groups audit: ${audit.problems.join('; ').slice(0, 500)}`;
};
