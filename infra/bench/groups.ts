/** `npm run bench:groups`: many customers at once are matched into the teams of one campaign; every seat is exact. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupsContract } from '../../microservices/groups/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { openHttp } from './lib/http.ts';
import { openInProcess, setupClient } from './lib/in-process.ts';
import { drive } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printCheck, printHead, printRatio, printTable } from './lib/report.ts';
import { fundOwners, openShop, registerCustomers } from './lib/shop.ts';

const CONCURRENCY = 16;
const JOINERS = Number(process.env['BENCH_JOINERS'] ?? 1_000);
const TEAM = 10;
const ADDRESS = { name: 'Bench', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
const DAY_MS = 86_400_000;

printHead(`Groups: ${JOINERS} customers, ${CONCURRENCY} at a time, are matched into teams of ${TEAM}`);
const platform = await startBenchPlatform();
const folder = await mkdtemp(join(tmpdir(), 'bench-objects-'));
try {
  const {
    skus: [sku = ''],
  } = await openShop(platform, { products: 1, stock: 3 * JOINERS });
  const people = await registerCustomers(platform, Math.round(JOINERS * 2.1));
  await fundOwners(platform, people, 10_000);
  const groups = setupClient(groupsContract, platform);
  const openCampaign = async (): Promise<string> => {
    const { id: campaignId } = await groups.createCampaign({
      name: 'Bench',
      sku,
      currency: 'EUR',
      tiers: [{ size: TEAM, price: 800 }],
      startsAt: new Date(Date.now() - DAY_MS).toISOString(),
      endsAt: new Date(Date.now() + 10 * DAY_MS).toISOString(),
    });
    await groups.scheduleCampaign({ campaignId });
    return campaignId;
  };
  const wish = (): { customerId: string; shippingAddress: typeof ADDRESS } => {
    const customerId = people.pop();
    if (customerId === undefined) throw new Error('no customer is left');
    return { customerId, shippingAddress: ADDRESS };
  };
  const http = openHttp(platform.url, platform.adminKey, CONCURRENCY);
  const matchInto = (campaignId: string) => () =>
    http.expect('POST', `/v1/groups/campaigns/${campaignId}/match`, wish(), randomUUID());
  const load = { concurrency: CONCURRENCY, pid: platform.pid };
  await drive({ ...load, total: Math.round(JOINERS / 10), work: matchInto(await openCampaign()) });
  const hot = await openCampaign();
  const ours = await drive({ ...load, total: JOINERS, work: matchInto(hot) });

  const direct = await openInProcess(platform, folder);
  const inProcess = direct.client(groupsContract);
  const other = await openCampaign();
  const yardstick = await drive({
    ...load,
    total: JOINERS,
    work: () => inProcess.matchTeam({ campaignId: other, ...wish() }, { idempotencyKey: randomUUID() }),
  });
  await direct.close();

  printTable([
    { what: 'customers matched over HTTP', measured: ours, aim: 300 },
    { what: 'yardstick: same statements through pg', measured: yardstick },
  ]);
  printRatio('groups', ours, yardstick);
  const { taken } = await groups.getCampaign({ campaignId: hot });
  printCheck('seats', taken === JOINERS, `${taken} of ${JOINERS}`);
  const audit = await groups.auditGroups({});
  printCheck('groups audit', audit.consistent, `${audit.seats} seats in ${audit.teams} teams`);
  const ledger = await setupClient(walletContract, platform).auditLedger({});
  printCheck('ledger audit', ledger.consistent, `${ledger.holds} holds, ${ledger.problems.length} problems`);
  const stock = await setupClient(inventoryContract, platform).auditStock({});
  printCheck('stock audit', stock.consistent, `${stock.reservations} reservations, ${stock.problems.length} problems`);
  http.close();
} finally {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
